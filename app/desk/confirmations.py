"""A report by telephone counts on condition that its customer confirms it in time (S6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from app.access import Right, standing_of
from app.calendar import clock
from app.calendar.business_days import confirmation_deadline
from app.calendar.model import Calendar
from app.desk.alarms import cancel, set_alarm
from app.desk.clocks import calendar_of, record_for
from app.desk.errors import NothingToConfirm, OnlyTheCustomer
from app.desk.moves import change_state
from app.desk.states import first_of
from app.desk.telephone import Telephone, telephone
from app.events.record import EventKind, owe_letter, record
from app.extensions import db
from app.models.account import Account
from app.models.call import Confirmation, Way
from app.models.event import Event
from app.models.ticket import StateKind, Ticket
from app.models.types import utc_now

MIND = "confirmation"  # the kind of the alarm at which the rules look at it


class Outcome(StrEnum):
    """What a confirmation did."""

    CONFIRMED = "confirmed"
    REOPENED = "reopened"  # the ticket had lapsed
    ALREADY = "already"


def expect(ticket: Ticket, *, now: datetime | None = None) -> Confirmation:
    """Ask the ticket's customer to confirm it. A call that is written down too late has its time from now."""
    now, chosen = now or utc_now(), telephone()
    calendar = calendar_of(record_for(ticket.product_group, ticket.organisation))
    due_at = confirmation_deadline(calendar, ticket.arrived_at, chosen.confirm_days)
    if due_at <= now:
        due_at = confirmation_deadline(calendar, now, chosen.confirm_days)
    confirmation = Confirmation(ticket=ticket, due_at=due_at)
    db.session.add(confirmation)
    set_alarm(ticket, MIND, _reminder_at(calendar, ticket, due_at, chosen))
    return confirmation


def confirm(ticket: Ticket, *, by: Account, way: Way) -> Outcome:
    """The customer says that he called; a lapsed ticket is open again. Raises NothingToConfirm, OnlyTheCustomer."""
    confirmation = ticket.confirmation
    if confirmation is None:
        raise NothingToConfirm
    if by.id != ticket.requester_id and Right.HANDLE in standing_of(db.session(), by).rights(ticket):
        raise OnlyTheCustomer
    if confirmation.confirmed_at is not None:
        return Outcome.ALREADY
    confirmation.confirmed_at, confirmation.confirmed_by, confirmation.way = utc_now(), by, str(way)
    cancel(ticket, MIND)
    return _take_up(ticket, confirmation, by, way)


def ask_again(ticket: Ticket) -> None:
    """Owe the customer the letter that could not reach him before."""
    opened = select(Event).where(Event.ticket_id == ticket.id, Event.kind == EventKind.OPENED).order_by(Event.id)
    if is_awaited(ticket):
        event = db.session.scalars(opened.limit(1)).one()
        owe_letter("confirm_call", account=ticket.requester, reason="requester", event=event, ticket=ticket)


def is_awaited(ticket: Ticket) -> bool:
    """Whether the customer has still to confirm it, in time or too late."""
    if ticket.state.kind not in (StateKind.UNCONFIRMED, StateKind.CLOSED):
        return False
    confirmation = ticket.confirmation
    if confirmation is None or confirmation.confirmed_at is not None:
        return False
    return ticket.is_unconfirmed or _has_lapsed(ticket, confirmation)


def mind(ticket: Ticket, now: datetime) -> None:
    """Remind, or let lapse, what is due. A ticket that a consultant took up, or ended, is left alone."""
    confirmation = ticket.confirmation
    if confirmation is None or not ticket.is_unconfirmed:
        return
    if now >= confirmation.due_at:
        _lapse(ticket, confirmation, now)
    else:
        _remind(ticket, confirmation, now)


def _take_up(ticket: Ticket, confirmation: Confirmation, by: Account, way: Way) -> Outcome:
    was_late = _has_lapsed(ticket, confirmation)
    if was_late or ticket.state.kind == StateKind.UNCONFIRMED:
        to = first_of(StateKind.OPEN if ticket.assignee_id else StateKind.NEW)
        change_state(ticket, to, by=by, kind=EventKind.CONFIRMED, way=str(way), late=was_late)
    else:
        record(ticket, EventKind.CONFIRMED, by=by, way=str(way), late=False)
    return Outcome.REOPENED if was_late else Outcome.CONFIRMED


def _has_lapsed(ticket: Ticket, confirmation: Confirmation) -> bool:
    return confirmation.lapsed_at is not None and ticket.state.kind == StateKind.CLOSED


def _remind(ticket: Ticket, confirmation: Confirmation, now: datetime) -> None:
    """Once, and only in working hours; else at the next opening."""
    calendar = calendar_of(record_for(ticket.product_group, ticket.organisation))
    if confirmation.reminded_at is None and not clock.is_open(calendar, now):
        set_alarm(ticket, MIND, min(clock.next_open_moment(calendar, now), confirmation.due_at))
        return
    if confirmation.reminded_at is None:
        confirmation.reminded_at = now
        record(ticket, EventKind.REMINDED, by=None, due=confirmation.due_at.isoformat())
    set_alarm(ticket, MIND, confirmation.due_at)


def _lapse(ticket: Ticket, confirmation: Confirmation, now: datetime) -> None:
    confirmation.lapsed_at = now
    due = confirmation.due_at.isoformat()
    change_state(ticket, first_of(StateKind.CLOSED), by=None, kind=EventKind.LAPSED, due=due)


def _reminder_at(calendar: Calendar, ticket: Ticket, due_at: datetime, chosen: Telephone) -> datetime:
    """So much working time before the deadline, within working hours; the deadline itself where none is sent."""
    start, lead = ticket.counts_as_received_at, timedelta(minutes=chosen.remind_minutes)
    time_left = clock.business_time_between(calendar, start, due_at) - lead
    if not lead or time_left <= timedelta(0):
        return due_at
    return min(clock.next_open_moment(calendar, clock.add_business_time(calendar, start, time_left)), due_at)
