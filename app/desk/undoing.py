"""Acts in the list can be undone for a while: what is still as the act left it is put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import Right, standing_of
from app.desk.errors import DeskError
from app.desk.moves import change_state
from app.desk.tickets import set_priority
from app.desk.transfer import transfer
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.beside import BulkAct
from app.models.product_group import ProductGroup
from app.models.ticket import State, Ticket
from app.models.types import utc_now

UNDO_WITHIN = timedelta(minutes=10)
Facts = Mapping[str, Any]


class TooLateToUndo(DeskError):
    sentence = _l("This can be undone for ten minutes only.")


class ChangedSince(DeskError):
    sentence = _l("Something has changed in it since, so it stays as it is.")


def facts_of(ticket: Ticket) -> dict[str, Any]:
    """What acts in the list change, as it is in the database."""
    db.session.flush()
    return {
        "product_group": ticket.product_group_id,
        "assignee": ticket.assignee_id,
        "status": ticket.status,
        "priority": ticket.priority,
    }


def remembering(act: Callable[[Ticket], None], kept: list[dict[str, Any]]) -> Callable[[Ticket], None]:
    """The act, which also writes down what each ticket was like before and after it."""

    def perform(ticket: Ticket) -> None:
        before = facts_of(ticket)
        act(ticket)
        after = facts_of(ticket)
        if after != before:
            kept.append({"number": ticket.number, "before": before, "after": after})

    return perform


def undo(ticket: Ticket, before: Facts, after: Facts, *, by: Account) -> bool:
    """Put back what is still as the act left it; whether that was all. Raises ChangedSince where nothing is."""
    touched = [name for name in PUT_BACK if before[name] != after[name]]
    now = facts_of(ticket)
    left = [name for name in touched if now[name] == after[name] and PUT_BACK[name](ticket, before[name], by)]
    if not left:
        raise ChangedSince
    ticket.updated_at = utc_now()
    return left == touched


def bulk_act(act_id: int, by: Account) -> BulkAct:
    """The account's own act. Raises TooLateToUndo when it is too old, was undone, or is not his."""
    found = db.session.get(BulkAct, act_id)
    if found is None or found.account_id != by.id or utc_now() > found.created_at + UNDO_WITHIN:
        raise TooLateToUndo
    return found


def _group(ticket: Ticket, before: Any, by: Account) -> bool:
    """Only who manages the product group where it is now may take it away."""
    if Right.MANAGE not in standing_of(db.session(), by).rights(ticket):
        return False
    transfer(ticket, to=db.session.get_one(ProductGroup, before), by=by)
    return True


def _assignee(ticket: Ticket, before: Any, by: Account) -> bool:
    was, ticket.assignee = ticket.assignee_id, db.session.get(Account, before) if before else None
    record(ticket, EventKind.ASSIGNED, by=by, before=was, after=before)
    return True


def _status(ticket: Ticket, before: Any, by: Account) -> bool:
    change_state(ticket, db.session.get_one(State, before), by=by)
    return True


def _priority(ticket: Ticket, before: Any, by: Account) -> bool:
    set_priority(ticket, to=before, by=by)
    return True


PUT_BACK: Mapping[str, Callable[[Ticket, Any, Account], bool]] = {
    "product_group": _group,
    "assignee": _assignee,
    "status": _status,
    "priority": _priority,
}
