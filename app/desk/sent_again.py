"""A form that is sent again: its answer was lost on the way, or its button was pressed twice where no script runs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select

from app.access.net import BEYOND
from app.desk.content import Contribution
from app.desk.joining import survivor_of
from app.extensions import db
from app.models.account import Account
from app.models.ticket import Message, MessageKind, Ticket
from app.models.types import utc_now

WITHIN = timedelta(minutes=10)


def sent_before(ticket: Ticket, contribution: Contribution, *, by: Account, kind: MessageKind) -> Message | None:
    """His newest message of this kind, where it says the very same and nothing was said after it: in this ticket, or
    first in one that follows it. Its files may be more, since a draft that was sent has none left. The ticket is
    locked: who presses twice at once waits for the first."""
    his = (Message.author_id == by.id, Message.kind == kind, Message.arrived_at > utc_now() - WITHIN)
    query = select(Message).where(*his).order_by(Message.id.desc()).limit(1)
    last = db.session.scalars(query, execution_options=BEYOND).first()
    if last is None or not contribution.text or last.text != contribution.text:
        return None
    if {file.sha256 for file in contribution.files} - {file.sha256 for file in last.attachments}:
        return None
    if last.ticket is survivor_of(ticket):
        heard = Message.kind == kind if kind == MessageKind.NOTE else Message.kind != MessageKind.NOTE
        later = exists().where(Message.ticket_id == last.ticket_id, Message.id > last.id, heard)
        return None if db.session.scalar(select(later), execution_options=BEYOND) else last
    return last if last.ticket.events[0].data.get("follows") == ticket.number else None
