"""What translators do: say a sentence otherwise, take that back, let a colleague's pass. The desk's texts are rows
over the shipped catalogs, each saving is a version, and what has a fault is never kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.broken_rule import BrokenRule
from app.catalogs import live
from app.catalogs.faults import Fault, faults
from app.catalogs.sources import Source
from app.extensions import db
from app.models.account import Account
from app.models.desk_setting import DeskSetting
from app.models.engine import hold
from app.models.translation import Translation
from app.models.types import utc_now
from app.models.version import Version

KIND = "translation"  # of versions
MOST_LANGUAGES = 12
REVIEW = "translations_are_reviewed"  # of desk settings


class Faulty(BrokenRule):
    """A text with faults, which stays unsaved."""

    def __init__(self, found: Sequence[Fault]) -> None:
        self.faults = list(found)
        self.sentence = found[0].sentence
        super().__init__()


class Stale(BrokenRule):
    status = 412
    sentence = _l("Somebody has changed this sentence since you opened it. Look at both, then save again.")


class OwnEyes(BrokenRule):
    sentence = _l("Somebody else than its author must look at this text.")


class UnknownLanguage(BrokenRule):
    sentence = _l("Choose a language of the list; at most twelve can be added.")


class NothingWaits(BrokenRule):
    sentence = _l("Nothing of this sentence waits for a decision.")


class NothingBefore(BrokenRule):
    sentence = _l("There is no earlier text of this desk. Take the shipped one instead.")


@dataclass(frozen=True)
class Text:
    """A sentence in a language: what is shipped, and what this desk says over it."""

    source: Source
    language: str
    row: Translation | None = None

    @property
    def shipped(self) -> list[str]:
        return self.source.shipped_in(self.language)

    @property
    def strings(self) -> list[str]:
        """What readers get; empty where they get English."""
        return list(self.row.strings) if self.row is not None and self.row.strings else self.shipped

    @property
    def number(self) -> int:
        return self.row.number if self.row is not None else 0

    @property
    def is_missing(self) -> bool:
        return not self.strings

    @property
    def waits(self) -> bool:
        return self.row is not None and bool(self.row.proposed)

    @property
    def is_late(self) -> bool:
        """The shipped text has changed since this desk said it otherwise."""
        return self.row is not None and bool(self.row.strings) and list(self.row.shipped) != self.shipped


def rows_of(language: str) -> dict[tuple[str, str], Translation]:
    """The rows of a language by domain and key."""
    rows = db.session.scalars(select(Translation).where(Translation.language == language))
    return {(row.domain, row.key): row for row in rows}


def text_of(source: Source, language: str) -> Text:
    query = select(Translation).where(Translation.domain == source.domain, Translation.key == source.key)
    return Text(source, language, db.session.scalars(query.where(Translation.language == language)).one_or_none())


def save(
    source: Source,
    language: str,
    strings: Sequence[str],
    *,
    by: Account | None,
    seen: int | None = None,
    unsure: bool = False,
    reviewed: bool | None = None,
) -> Text:
    """Say it so from now on, or once somebody else has agreed where texts are reviewed.

    Raises Faulty, and Stale when somebody saved since version `seen`.
    """
    strings = list(strings)
    found = faults(source.forms, strings, language)
    if found:
        raise Faulty(found)
    hold(db.session.connection(), [f"translation {language} {source.key}"])
    text = text_of(source, language)
    if seen is not None and seen != text.number:
        raise Stale
    row = text.row or _new_row(source, language)
    if needs_review() if reviewed is None else not reviewed:
        row.proposed = strings
    else:
        row.strings, row.proposed, row.shipped = strings, None, text.shipped
    row.unsure = unsure
    _keep(row, strings, by)
    return Text(source, language, row)


def accept(source: Source, language: str, *, by: Account) -> None:
    """Let pass what a colleague proposed. Raises NothingWaits, OwnEyes, Faulty."""
    text = text_of(source, language)
    if text.row is None or not text.row.proposed:
        raise NothingWaits
    if text.row.account_id == by.id:
        raise OwnEyes
    found = faults(source.forms, text.row.proposed, language)
    if found:
        raise Faulty(found)
    text.row.strings, text.row.proposed, text.row.shipped = text.row.proposed, None, text.shipped
    text.row.unsure = False
    _keep(text.row, text.row.strings, by, author=text.row.account_id)


def refuse(source: Source, language: str, *, by: Account) -> None:
    """Leave out what was proposed; readers keep what they had, and the history keeps it. Raises NothingWaits."""
    text = text_of(source, language)
    if text.row is None or not text.row.proposed:
        raise NothingWaits
    text.row.proposed = None
    _keep(text.row, text.strings, by)


def reset(source: Source, language: str, *, by: Account | None) -> None:
    """Say again what is shipped; the desk's texts stay in the history."""
    row = text_of(source, language).row
    if row is not None:
        row.strings, row.proposed, row.unsure, row.shipped = [], None, False, source.shipped_in(language)
        _keep(row, [], by)


def undo(source: Source, language: str, *, by: Account) -> None:
    """Say again what was said before the last saving. Raises NothingBefore, Faulty."""
    found = versions_of(source, language)
    if not found:
        raise NothingBefore
    before = list(found[1].data["strings"]) if len(found) > 1 else []
    if before:
        save(source, language, before, by=by)
    else:
        reset(source, language, by=by)


def versions_of(source: Source, language: str) -> list[Version]:
    """Each saving, the newest first."""
    query = select(Version).where(Version.kind == KIND, Version.key == _key(source.domain, language, source.key))
    return list(db.session.scalars(query.order_by(Version.number.desc())))


def needs_review() -> bool:
    setting = db.session.get(DeskSetting, REVIEW)
    return setting is not None and setting.value == "yes"


def let_review(wanted: bool) -> None:
    """Whether a second person lets each text pass, from now on."""
    db.session.merge(DeskSetting(name=REVIEW, value="yes" if wanted else "no"))


def add_language(code: str) -> None:
    """Offer it on pages and in letters; what is not said in it yet is said in English. Raises UnknownLanguage."""
    if code not in live.addable():
        raise UnknownLanguage
    _set_languages([*(each for each in _languages() if each != code), code])


def remove_language(code: str) -> None:
    """Offer it no more; its texts stay, for when it is added again."""
    _set_languages([each for each in _languages() if each != code])


def _languages() -> list[str]:
    setting = db.session.get(DeskSetting, live.LANGUAGES_SETTING)
    return setting.value.split() if setting is not None else []


def _set_languages(codes: list[str]) -> None:
    if len(codes) > MOST_LANGUAGES:
        raise UnknownLanguage
    db.session.merge(DeskSetting(name=live.LANGUAGES_SETTING, value=" ".join(codes)))
    live.move_on()


def statistics() -> Mapping[str, list[tuple[Any, int]]]:
    """Who saved how many texts, by language."""
    query = select(Translation.language, Translation.account_id, func.count()).group_by(
        Translation.language, Translation.account_id
    )
    found: dict[str, list[tuple[Any, int]]] = {}
    for language, account_id, number in db.session.execute(query):
        found.setdefault(language, []).append((db.session.get(Account, account_id) if account_id else None, number))
    return {language: sorted(each, key=lambda pair: -pair[1]) for language, each in sorted(found.items())}


def _new_row(source: Source, language: str) -> Translation:
    row = Translation(
        domain=source.domain,
        language=language,
        key=source.key,
        msgid=source.msgid,
        plural=source.plural,
        context=source.context,
        strings=[],
        shipped=source.shipped_in(language),
        number=0,
    )
    db.session.add(row)
    return row


def _keep(row: Translation, strings: Sequence[str], by: Account | None, *, author: int | None = None) -> None:
    """Write the version down, and tell every process. `author`: of whom the text stays, where `by` only let it pass."""
    row.number += 1
    row.account_id, row.changed_at = author or (by.id if by else None), utc_now()
    key = _key(row.domain, row.language, row.key)
    data = {"strings": list(strings), "unsure": row.unsure, "waits": bool(row.proposed), "passed": author is not None}
    version = Version(kind=KIND, key=key, number=row.number, data=data, account_id=by.id if by else None)
    db.session.add(version)
    db.session.flush()
    live.move_on()


def _key(domain: str, language: str, key: str) -> str:
    return f"{domain}/{language}/{key}"
