"""Whose a ticket is: given by somebody, or by itself, as its product group wants it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.access import is_consultant
from app.access.net import BEYOND
from app.desk.absences import away
from app.desk.errors import NotAConsultant
from app.desk.rows import touch
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.product_group import ANSWERING, Assigning, Assignment
from app.models.ticket import UNFINISHED, State, Ticket
from app.models.types import utc_now

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def next_consultant(ticket: Ticket) -> Account | None:
    """Who gets the ticket: of those who answer for its product group and are not away, the one whose turn is longest
    ago, or who has the fewest open tickets. None where tickets are given by hand, or nobody is there."""
    group = ticket.product_group
    if group.assigning == Assigning.HAND:
        return None
    query = select(Assignment).where(Assignment.product_group_id == group.id, Assignment.level.in_(ANSWERING))
    query = query.options(joinedload(Assignment.account)).order_by(Assignment.id).execution_options(**BEYOND)
    places = db.session.scalars(query).unique().all()
    absent = away([place.account_id for place in places])
    there = [place for place in places if place.account_id not in absent and is_consultant(place.account)]
    if not there:
        return None
    open_tickets = _open_tickets([place.account_id for place in there]) if group.assigning == Assigning.LOAD else {}
    chosen = min(there, key=lambda place: (open_tickets.get(place.account_id, 0), place.turn_at or NEVER))
    chosen.turn_at = utc_now()
    return chosen.account


def assign(ticket: Ticket, *, to: Account | None, by: Account | None) -> None:
    """Give the ticket to a consultant of its product group, or to nobody; `by` nobody where the desk does it by itself.

    Raises NotAConsultant.
    """
    if to is not None and not answers_for(to, ticket):
        raise NotAConsultant
    if ticket.assignee == to:
        return
    before = ticket.assignee.id if ticket.assignee else None
    ticket.assignee = to
    touch(ticket)
    record(ticket, EventKind.ASSIGNED, by=by, before=before, after=to.id if to else None)


def answers_for(account: Account, ticket: Ticket) -> bool:
    """Whether tickets of that product group may be given to him."""
    if not is_consultant(account):
        return False
    query = select(Assignment.id).where(
        Assignment.account_id == account.id,
        Assignment.product_group_id == ticket.product_group.id,
        Assignment.level.in_(ANSWERING),
    )
    return "administrator" in account.role_kinds or db.session.scalar(query) is not None


def _open_tickets(accounts: list[int]) -> dict[int, int]:
    """How many unfinished tickets each has, of all product groups."""
    unfinished = select(State.code).where(State.kind.in_(UNFINISHED))
    query = select(Ticket.assignee_id, func.count()).where(
        Ticket.assignee_id.in_(accounts), Ticket.status.in_(unfinished)
    )
    rows = db.session.execute(query.group_by(Ticket.assignee_id), execution_options=BEYOND)
    return {account_id: count for account_id, count in rows if account_id is not None}
