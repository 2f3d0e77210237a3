"""Words of letters as translators change them: with a second pair of eyes where it is asked for, and with undo."""

from __future__ import annotations

from app.catalogs.translating import NothingBefore, NothingWaits, OwnEyes, Stale, needs_review
from app.mail import texts
from app.models.account import Account
from app.models.letter_template import LetterTemplate


def save(name: str, language: str, source: str, *, by: Account, seen: int | None = None) -> bool:
    """Write it so from now on, or once somebody else has agreed where texts are reviewed; answers whether it waits.

    Raises Stale when somebody saved since version `seen`. The caller has checked the words.
    """
    row, waits = texts.row_of(name, language), needs_review()
    if seen is not None and seen != (row.version if row else 0):
        raise Stale
    texts.save(name, language, source, by=by, waits=waits)
    return waits


def accept(name: str, language: str, *, by: Account) -> None:
    """Let pass what a colleague proposed. Raises NothingWaits, OwnEyes."""
    row = _waiting(name, language)
    if texts.versions_of(name, language)[0].account_id == by.id:
        raise OwnEyes
    texts.save(name, language, row.proposed or "", by=by)


def refuse(name: str, language: str, *, by: Account) -> None:
    """Leave out what was proposed; readers keep what they had, and the history keeps it. Raises NothingWaits."""
    _waiting(name, language).proposed = None


def undo(name: str, language: str, *, by: Account) -> None:
    """Take back what waits, or else write again what was written before the last saving. Raises NothingBefore."""
    row = texts.row_of(name, language)
    if row is not None and row.proposed:
        row.proposed = None
        return
    written = [each for each in texts.versions_of(name, language) if not each.data.get("waits")]
    if row is None or not row.source or not written:
        raise NothingBefore
    if len(written) > 1:
        save(name, language, written[1].data["source"], by=by)
    else:
        texts.restore_shipped(name, language)


def _waiting(name: str, language: str) -> LetterTemplate:
    row = texts.row_of(name, language)
    if row is None or not row.proposed:
        raise NothingWaits
    return row
