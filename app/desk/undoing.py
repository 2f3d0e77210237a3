"""Acts on many tickets can be undone for a while, as far as nothing has changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.desk.errors import DeskError
from app.desk.moves import change_state
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.beside import BulkAct
from app.models.event import Event
from app.models.ticket import State, Ticket
from app.models.types import utc_now

UNDO_WITHIN = timedelta(minutes=10)


class TooLateToUndo(DeskError):
    sentence = _l("This can be undone for ten minutes only.")


class ChangedSince(DeskError):
    sentence = _l("Something has changed in it since, so it stays as it is.")


def remembering(act: Callable[[Ticket], None], kept: list[dict[str, Any]]) -> Callable[[Ticket], None]:
    """The act, which also writes down what each ticket was like before it."""

    def perform(ticket: Ticket) -> None:
        status, assignee, event = ticket.status, ticket.assignee_id, _last_event(ticket)
        act(ticket)
        after = _last_event(ticket)
        if after != event:
            kept.append({"number": ticket.number, "status": status, "assignee": assignee, "event": after})

    return perform


def undo(ticket: Ticket, before: dict[str, Any], *, by: Account) -> None:
    """Make the ticket what it was. Raises ChangedSince."""
    if _last_event(ticket) != before["event"]:
        raise ChangedSince
    if ticket.assignee_id != before["assignee"]:
        was, ticket.assignee_id = ticket.assignee_id, before["assignee"]
        record(ticket, EventKind.ASSIGNED, by=by, before=was, after=before["assignee"])
    if ticket.status != before["status"]:
        change_state(ticket, db.session.get_one(State, before["status"]), by=by)
    ticket.updated_at = utc_now()


def bulk_act(act_id: int, by: Account) -> BulkAct:
    """The account's own act. Raises TooLateToUndo when it is too old, was undone, or is not his."""
    found = db.session.get(BulkAct, act_id)
    if found is None or found.account_id != by.id or utc_now() > found.created_at + UNDO_WITHIN:
        raise TooLateToUndo
    return found


def _last_event(ticket: Ticket) -> int | None:
    db.session.flush()
    return db.session.scalar(select(func.max(Event.id)).where(Event.ticket_id == ticket.id))
