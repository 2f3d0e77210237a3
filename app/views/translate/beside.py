"""What is translated beside the catalogs: letters, names, texts for readers. The list tells how far they are, and its
search finds them too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, func, select

from app.access import sees_draft
from app.extensions import db
from app.locale import SPOKEN
from app.mail import texts
from app.models.entry import Entry, Variant
from app.models.letter_template import LetterTemplate
from app.views import visitor
from app.views.admin.names import TEMPLATES, called
from app.views.translate.names import KINDS

DESK = "/desk/translations"


@dataclass(frozen=True)
class Kind:
    """How many of a kind are said in the language."""

    title: Any
    url: str
    done: int
    whole: int

    @property
    def percent(self) -> int:
        return self.done * 100 // self.whole if self.whole else 100


@dataclass(frozen=True)
class Hit:
    """A row or letter that says what was searched for."""

    title: str
    said: str
    url: str


def kinds(language: str) -> Iterator[Kind]:
    letters = texts.names()
    yield Kind(
        _l("Letters"), f"{DESK}/letters/", sum(bool(texts.shipped(name, language)) for name in letters), len(letters)
    )
    for code, (title, read, _rename) in KINDS.items():
        rows = list(read())
        done = sum(bool(row.own or row.words.get(language)) for row in rows)
        yield Kind(title, f"{DESK}/names/{code}?language={language}", done, len(rows))
    mine = (sees_draft(visitor.standing()), Entry.binned_at.is_(None))
    here = exists().where(Variant.entry_id == Entry.id, Variant.language == language)
    whole = db.session.scalar(select(func.count(Entry.id)).where(*mine)) or 0
    done = db.session.scalar(select(func.count(Entry.id)).where(*mine, here)) or 0
    yield Kind(_l("Texts for readers"), f"/desk/entries/?language=no-{language}", done, whole)


def hits(words: str, most: int = 50) -> list[Hit]:
    """Names and letters that say the words, in any language."""
    wanted = " ".join(words.split()).casefold()
    return list(_hits(wanted))[:most] if wanted else []


def _hits(wanted: str) -> Iterator[Hit]:
    for code, (title, read, _rename) in KINDS.items():
        for row in read():
            if any(wanted in text.casefold() for text in (row.about, *row.words.values())):
                yield Hit(f"{title}: {row.about}", " / ".join(filter(None, row.words.values())), f"{DESK}/names/{code}")
    own = {(row.name, row.language): row.source for row in db.session.scalars(select(LetterTemplate))}
    for name in texts.names():
        for language in SPOKEN:
            source = own.get((name, language)) or texts.shipped(name, language) or ""
            if wanted in source.casefold():
                subject = source.strip().partition("\n")[0]
                yield Hit(f"{called(TEMPLATES, name)} ({language})", subject, f"{DESK}/letters/{name}/{language}")
