"""A consultant answers. Sent from the desk's page, an answer waits a moment before it leaves: it can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import select

from app.access.net import BEYOND
from app.desk import levels, mentions
from app.desk.assigning import answers_for, assign
from app.desk.content import Contribution, StoredFile
from app.desk.errors import DeskError, NothingWritten
from app.desk.joining import survivor_of
from app.desk.moves import check_move, move, take_up
from app.desk.rows import new_message
from app.desk.states import state_named
from app.events.outbox import Item
from app.events.record import EventKind, Reaction, owe, record
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.held_answer import HeldAnswer
from app.models.ticket import Channel, Message, MessageKind, StateKind, Ticket
from app.models.types import utc_now


def answer(
    ticket: Ticket,
    contribution: Contribution,
    *,
    by: Account,
    arrived_at: datetime | None = None,
    then: str | None = None,
    moved_at: datetime | None = None,
) -> Message:
    """A consultant answers; he takes a ticket that nobody had. `then` moves it on: to waiting_customer or resolved,
    as if `moved_at` that time."""
    ticket = survivor_of(ticket, lock=True)
    message = new_message(ticket, contribution, kind=MessageKind.CONSULTANT, by=by, arrived_at=arrived_at or utc_now())
    record(ticket, EventKind.CONSULTANT_REPLIED, by=by, message=message)
    levels.answered(ticket, message)
    mentions.see(ticket, by)
    if ticket.assignee is None and answers_for(by, ticket):
        assign(ticket, to=by, by=by)
    if _moves_on(ticket, then):
        move(ticket, to=then or "", by=by, at=moved_at)
    elif not then and ticket.state.kind == StateKind.NEW:
        take_up(ticket, by=by)
    return message


def hold(ticket: Ticket, contribution: Contribution, *, by: Account, then: str | None, wait: timedelta) -> HeldAnswer:
    """Let the answer leave after that time; it counts as given now. What waited before it leaves first.

    Raises NothingWritten, and what `move` raises.
    """
    if contribution.is_empty:
        raise NothingWritten
    release(ticket)
    if _moves_on(into := survivor_of(ticket), then):
        check_move(into, to=then or "", by=by)
    now = utc_now()
    held = HeldAnswer(
        ticket=ticket,
        account=by,
        text=contribution.text,
        files=[asdict(file) for file in contribution.files],
        moves_to=then,
        sent_at=now,
        leaves_at=now + wait,
    )
    owe(Reaction.LEAVE, held=held, wait=wait)
    return held


def held_of(ticket: Ticket) -> Sequence[HeldAnswer]:
    """The answers that wait, the oldest first."""
    query = select(HeldAnswer).where(HeldAnswer.ticket_id == ticket.id).order_by(HeldAnswer.id)
    return db.session.scalars(query, execution_options=BEYOND).all()


def leaves_in(held: HeldAnswer) -> int:
    """In how many whole seconds it leaves."""
    return max(0, ceil((held.leaves_at - utc_now()).total_seconds()))


def take_back(ticket: Ticket, *, by: Account) -> HeldAnswer | None:
    """His own answer, which goes to nobody now; none where it has left. The ticket is locked."""
    held = next((each for each in held_of(ticket) if each.account_id == by.id), None)
    if held is not None:
        db.session.delete(held)
        record(ticket, EventKind.TAKEN_BACK, by=by, sent=held.sent_at.isoformat())
    return held


def release(ticket: Ticket) -> int:
    """Let go what waits, because the conversation goes on; how many answers left. The ticket is locked."""
    waiting = held_of(ticket)
    for held in waiting:
        _leave(held)
    return len(waiting)


def perform(items: list[Item]) -> Mapping[int, Exception | None]:
    """Let each go whose time has come."""
    for item in items:
        with transaction():
            _leave_at_last(item.held_id)
    return {item.id: None for item in items}


def _leave_at_last(held_id: int | None) -> None:
    """Unless it was taken back or has left. Whoever takes back locks the ticket first, so this does too."""
    held = db.session.get(HeldAnswer, held_id)
    if held is None:
        return
    lock = select(Ticket).where(Ticket.id == held.ticket_id).with_for_update(of=Ticket)
    db.session.scalars(lock.execution_options(populate_existing=True)).one()
    query = select(HeldAnswer).where(HeldAnswer.id == held_id).execution_options(populate_existing=True)
    still = db.session.scalars(query).one_or_none()
    if still is not None:
        _leave(still)


def _leave(held: HeldAnswer) -> None:
    """The ticket may have moved on meanwhile: then the words go out, and the state stays as it is."""
    ticket, by, then = held.ticket, held.account, held.moves_to
    files = tuple(StoredFile(**file) for file in held.files)
    contribution = Contribution(text=held.text, channel=Channel.PORTAL, files=files)
    db.session.delete(held)
    db.session.flush()
    try:
        check_move(survivor_of(ticket), to=then or ticket.status, by=by)
    except DeskError:
        then = None
    answer(ticket, contribution, by=by, arrived_at=held.sent_at, then=then, moved_at=held.sent_at)


def _moves_on(ticket: Ticket, then: str | None) -> bool:
    return bool(then) and not (ticket.is_finished and state_named(then or "").kind == StateKind.RESOLVED)
