"""The translators' list: which sentences its address asks for, and how far each catalog is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.catalogs.faults import faults
from app.catalogs.glossary import Glossary, glossary
from app.catalogs.places import places
from app.catalogs.sources import ENGLISH, KINDS, Source, sources
from app.catalogs.translating import Text, rows_of
from app.locale import DEFAULT_LANGUAGE, SPOKEN
from app.views import visitor

Arguments = MultiDict[str, str]
BASE = "/desk/translations"
KIND_NAMES: Mapping[str, Any] = {
    "ours": _l("Bilety"),
    "flask_appbuilder": _l("Lists and forms (Flask-AppBuilder)"),
    "wtforms": _l("Checks of forms (WTForms)"),
    "flask_security": _l("Signing in (Flask-Security)"),
}
STATE_NAMES: Mapping[str, Any] = {
    "missing": _l("Missing"),
    "unsure": _l("Unsure"),
    "waits": _l("Waiting for a second pair of eyes"),
    "late": _l("Shipped text changed since"),
    "suspicious": _l("Suspicious"),
    "own": _l("Said otherwise by this desk"),
    "mine": _l("Mine"),
}
LONGEST_WORDS = 200
PLACE, WORD = re.compile(r"%\(\w*\)\w|[A-Z][A-Z0-9.\-]+"), re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Progress:
    """How many sentences of a catalog are said in the language."""

    kind: str
    done: int
    whole: int

    @property
    def percent(self) -> int:
        return self.done * 100 // self.whole if self.whole else 100


def texts(language: str) -> list[Text]:
    """Every sentence in the language."""
    rows = rows_of(language)
    return [Text(source, language, rows.get(name)) for name, source in sources().items()]


def asked_for(found: Iterable[Text], args: Arguments, account_id: int) -> list[Text]:
    """Those that the address asks for, in the order of the catalogs."""
    kind, place = args.get("kind", ""), args.get("place", "")
    words = " ".join(args.get("text", "").split())[:LONGEST_WORDS].casefold()
    state, terms = STATES.get(args.get("state", "")), glossary(chosen_language())
    return [
        text
        for text in found
        if (kind not in KINDS or text.source.kind == kind)
        and (not place or place in places().get(text.source.key, ()))
        and (not words or _says(text, words))
        and (state is None or state(text, account_id, terms))
    ]


def progress(found: Iterable[Text]) -> list[Progress]:
    done: dict[str, int] = dict.fromkeys(KINDS, 0)
    whole: dict[str, int] = dict.fromkeys(KINDS, 0)
    for text in found:
        whole[text.source.kind] += 1
        done[text.source.kind] += not text.is_missing
    return [Progress(kind, done[kind], whole[kind]) for kind in KINDS]


def is_suspicious(text: Text, terms: Glossary) -> bool:
    """Whether somebody should look: a fault that was shipped, the source left as it is, a word of the glossary."""
    if text.is_missing or text.language == ENGLISH:
        return False
    return _is_suspicious(text.source.msgid, text.source.plural, tuple(text.strings), terms)


@lru_cache(maxsize=16384)
def _is_suspicious(msgid: str, plural: str | None, strings: tuple[str, ...], terms: Glossary) -> bool:
    forms = [msgid] if plural is None else [msgid, plural]
    left = strings[0] == msgid and len(WORD.findall(PLACE.sub(" ", msgid))) > 2
    return left or bool(terms.broken(msgid, strings)) or bool(faults(forms, strings, terms.language))


def _says(text: Text, words: str) -> bool:
    said = (*text.source.forms, *text.strings, *text.source.comments, *((text.row.proposed or ()) if text.row else ()))
    return any(words in each.casefold() for each in said)


STATES: Mapping[str, Callable[[Text, int, Glossary], bool]] = {
    "missing": lambda text, _mine, _terms: text.is_missing,
    "unsure": lambda text, _mine, _terms: text.row is not None and text.row.unsure,
    "waits": lambda text, _mine, _terms: text.waits,
    "late": lambda text, _mine, _terms: text.is_late,
    "suspicious": lambda text, _mine, terms: is_suspicious(text, terms),
    "own": lambda text, _mine, _terms: text.row is not None and bool(text.row.strings),
    "mine": lambda text, mine, _terms: text.row is not None and text.row.account_id == mine,
}


def source_of(domain: str, key: str) -> Source | None:
    return sources().get((domain, key))


def chosen_language() -> str:
    """The language that the address asks for, or the first that is not the source's."""
    code = request.args.get("language", DEFAULT_LANGUAGE)
    return code if code in SPOKEN else DEFAULT_LANGUAGE


def may_edit() -> bool:
    return visitor.may("can_edit", "TranslationsView")
