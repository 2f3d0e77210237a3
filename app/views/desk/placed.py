"""Why each message that came by letter stands in its ticket, in words, and where else it may belong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import select

from app.access.net import BEYOND
from app.desk.moving import origins
from app.extensions import db
from app.models.journal import JournalEntry, Outcome
from app.models.ticket import Message, Ticket
from app.views.admin.names import evidence_in_words


@dataclass(frozen=True)
class Placed:
    """The sentence, and the number of another ticket that the letter speaks of."""

    words: str
    beside: int | None = None
    origin: int | None = None  # the ticket that it was moved from


def placed(ticket: Ticket, messages: Iterable[Message]) -> dict[int, Placed]:
    """By the message's id; nothing of those that came by no letter and stand where they came. Two statements."""
    moved = origins(ticket)
    found = _by_letter(messages)
    empty = Placed("")
    return found | {key: replace(found.get(key, empty), origin=number) for key, number in moved.items()}


def _by_letter(messages: Iterable[Message]) -> dict[int, Placed]:
    rows = {message.journal_id: message.id for message in messages if message.journal_id}
    if not rows:
        return {}
    query = select(JournalEntry.id, JournalEntry.outcome, JournalEntry.evidence).where(JournalEntry.id.in_(rows))
    found = db.session.execute(query, execution_options=BEYOND)
    return {rows[row.id]: _placed(row.outcome, row.evidence or []) for row in found}


def _placed(outcome: str, pointers: list[dict[str, object]]) -> Placed:
    placing = [pointer for pointer in pointers if "rule" not in pointer]
    beside = [pointer["ticket"] for pointer in pointers if pointer.get("beside")]
    words = evidence_in_words(pointers)
    if outcome == Outcome.TICKET and len(beside) == len(placing):  # no pointer says why it is here
        begun = _("A new ticket: nothing in the letter places it in an earlier one")
        words = f"{begun}; {words}" if words else begun
    number = beside[0] if beside and len(beside) == len(placing) else None
    return Placed(words, number if isinstance(number, int) else None)
