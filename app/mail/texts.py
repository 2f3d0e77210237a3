"""The words of each letter: the desk's own row, else the product's file. A broken row never stops a letter."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select

from app.events.record import owe_letter
from app.extensions import db
from app.mail.source import Text, Unreadable, Values, written
from app.models.account import Account, Role
from app.models.letter_template import LetterTemplate
from app.models.version import Version

FOLDER = Path(__file__).resolve().parent / "words"
KIND = "letter_template"
KEPT = "letter_texts"  # in the session: letters that leave together read the rows once
log = logging.getLogger(__name__)


def names() -> list[str]:
    """The letters whose words can be changed."""
    return sorted(path.stem for path in (FOLDER / "en").glob("*.txt"))


@lru_cache
def shipped(name: str, language: str) -> str | None:
    """The product's words; None for a letter that has no file."""
    name = "update" if name == "state_changed" else name  # as an earlier version called it
    path = FOLDER / language / f"{name}.txt"
    return path.read_text() if path.is_file() else None


def language_of(name: str, language: str) -> str:
    """In which language the letter is written: in English where nobody wrote it in this one, which was added."""
    return language if shipped(name, language) is not None or (name, language) in _rows() else "en"


def text_of(name: str, language: str, values: Values) -> Text:
    """The letter's words with its values. Raises KeyError for a letter that has none."""
    language = language_of(name, language)
    source = shipped(name, language) or shipped(name, "en")
    if source is None:
        raise KeyError(name)
    row = _rows().get((name, language))
    if row is not None:
        try:
            return written(row.source, values)
        except Unreadable as error:
            _tell(row, str(error))
    return written(source, values)


def row_of(name: str, language: str) -> LetterTemplate | None:
    query = select(LetterTemplate).where(LetterTemplate.name == name, LetterTemplate.language == language)
    return db.session.scalars(query).one_or_none()


def save(name: str, language: str, source: str, *, by: Account | None, waits: bool = False) -> None:
    """The desk's own words from now on; where they wait, once they are saved again. The caller has checked them."""
    row = row_of(name, language)
    if row is None:
        row = LetterTemplate(name=name, language=language, source="", version=_latest(name, language))
        db.session.add(row)
    row.version += 1
    if waits:
        row.proposed = source
    else:
        row.source, row.proposed, row.broken = source, None, None
    data = {"source": source, "waits": waits}
    key = f"{name}.{language}"
    db.session.add(Version(kind=KIND, key=key, number=row.version, data=data, account_id=by.id if by else None))
    db.session.info.pop(KEPT, None)


def restore_shipped(name: str, language: str) -> None:
    """The product's words from now on; the desk's stay in the history."""
    row = row_of(name, language)
    if row is not None:
        db.session.delete(row)
    db.session.info.pop(KEPT, None)


def versions_of(name: str, language: str) -> list[Version]:
    """All that the desk has ever saved, the newest first."""
    query = select(Version).where(Version.kind == KIND, Version.key == f"{name}.{language}")
    return list(db.session.scalars(query.order_by(Version.number.desc())))


def _rows() -> dict[tuple[str, str], LetterTemplate]:
    kept: dict[tuple[str, str], LetterTemplate] | None = db.session.info.get(KEPT)
    if kept is None:
        kept = {(row.name, row.language): row for row in db.session.scalars(select(LetterTemplate)) if row.source}
        db.session.info[KEPT] = kept
    return kept


def _tell(row: LetterTemplate, reason: str) -> None:
    """Administrators hear once that the desk's words could not be used."""
    log.error("The template %s (%s) cannot be used: %s", row.name, row.language, reason)
    if row.broken is not None:
        return
    row.broken = reason
    administrators = select(Account).where(Account.active, Account.roles.any(Role.kind == "administrator"))
    for account in db.session.scalars(administrators):
        owe_letter("template_broken", account=account, reason="account")


def _latest(name: str, language: str) -> int:
    found = versions_of(name, language)
    return found[0].number if found else 0
