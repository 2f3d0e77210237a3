"""An answer goes to nobody over a message that its writer has not seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from flask_babel import ngettext
from sqlalchemy import select

from app.access import Standing
from app.desk.errors import DeskError
from app.desk.joining import conversation_of
from app.extensions import db
from app.models.held_answer import HeldAnswer
from app.models.ticket import Message, Ticket

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Unseen(DeskError):
    """Messages came while somebody wrote."""

    status = 409

    def __init__(self, messages: frozenset[int]) -> None:
        self.messages = messages
        self.sentence = ngettext(
            "Not sent: %(num)d message came while you were writing. Read it above, then send again.",
            "Not sent: %(num)d messages came while you were writing. Read them above, then send again.",
            len(messages),
        )
        super().__init__(self.sentence)


def seen_mark(messages: Iterable[Message], held: Iterable[HeldAnswer] = ()) -> str:
    """Which messages a page shows, and which that have not left yet, as its form remembers them."""
    return ".".join([*(str(message.id) for message in messages), *(_mark_of(each.sent_at) for each in held)])


def unseen(ticket: Ticket, standing: Standing, mark: str) -> frozenset[int]:
    """The messages of the conversation that are not in the mark; a page without one is not asked."""
    marks = mark.split(".")
    seen = {int(row) for row in marks if row.isdecimal() and len(row) < 11}
    if not seen:
        return frozenset()
    written = conversation_of(ticket, standing).order_by(None).subquery()
    rows = db.session.execute(select(written.c.id, written.c.arrived_at))
    return frozenset(row.id for row in rows if row.id not in seen and _mark_of(row.arrived_at) not in marks)


def _mark_of(sent_at: datetime) -> str:
    """Of an answer that waits: its message will have arrived when it was sent."""
    return f"h{(sent_at - EPOCH) // MICROSECOND}"


def check_seen(ticket: Ticket, standing: Standing, mark: str) -> None:
    """Raises Unseen where something was written since the page was drawn."""
    if missed := unseen(ticket, standing, mark):
        raise Unseen(missed)
