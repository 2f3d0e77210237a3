"""A ticket moves from state to state (S24-S26): by somebody's wish within the desk's rules, or by the rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.access import standing_of
from app.desk import levels
from app.desk.ends import begin_closing, forget_follow_up, stop_closing
from app.desk.errors import AlreadyClosed, AlreadyResolved, MoveNotAllowed, NotClosed, NotResolved
from app.desk.joining import MergedAway, survivor_of
from app.desk.states import first_of, may_move, movers, state_named
from app.events.record import EventKind, record
from app.extensions import db
from app.locale import language
from app.models.account import Account
from app.models.ticket import FINISHED, State, StateKind, Ticket
from app.models.types import utc_now


def resolve(ticket: Ticket, *, by: Account) -> None:
    """Say that the ticket is solved (S24). Raises AlreadyResolved, MoveNotAllowed."""
    if ticket.is_finished:
        raise AlreadyResolved
    _wish(ticket, first_of(StateKind.RESOLVED), by=by)


def close(ticket: Ticket, *, by: Account) -> None:
    """End the ticket (S25). Raises AlreadyClosed, MoveNotAllowed."""
    if ticket.state.kind == StateKind.CLOSED:
        raise AlreadyClosed
    _wish(ticket, first_of(StateKind.CLOSED), by=by)


def accept(ticket: Ticket, *, by: Account) -> None:
    """The customer is content with the solution: the ticket ends. Raises NotResolved, MoveNotAllowed."""
    if ticket.state.kind != StateKind.RESOLVED:
        raise NotResolved
    _wish(ticket, first_of(StateKind.CLOSED), by=by, accepted=True)


def close_by_itself(ticket: Ticket) -> None:
    """The time to say that something is still wrong has passed."""
    if ticket.state.kind == StateKind.RESOLVED:
        change_state(ticket, first_of(StateKind.CLOSED), by=None)


def reopen(ticket: Ticket, *, by: Account) -> None:
    """Take a resolved or closed ticket up again. Raises NotClosed, MoveNotAllowed."""
    if not ticket.is_finished:
        raise NotClosed
    _wish(ticket, first_of(StateKind.OPEN), by=by)


def move(ticket: Ticket, *, to: str, by: Account, at: datetime | None = None) -> None:
    """Move to any active state, as if `at` that time. Raises UnknownState, AlreadyResolved, MoveNotAllowed."""
    state = check_move(ticket, to=to, by=by)
    if state is not None:
        change_state(ticket, state, by=by, at=at)


def check_move(ticket: Ticket, *, to: str, by: Account) -> State | None:
    """The state that he would move it to, none where it is there. Raises what `move` raises."""
    if to == ticket.state.code:
        return None
    state = state_named(to)
    if ticket.state.kind == StateKind.CLOSED and state.kind == StateKind.RESOLVED:
        raise AlreadyResolved
    _check_wish(ticket, state, by=by)
    return state


def take_up(ticket: Ticket, *, by: Account | None) -> None:
    """The rules open the ticket, because somebody wrote."""
    change_state(ticket, first_of(StateKind.OPEN), by=by)


def change_state(
    ticket: Ticket,
    to: State,
    *,
    by: Account | None,
    kind: EventKind | None = None,
    at: datetime | None = None,
    **said: Any,
) -> None:
    """The move itself, asked for by nobody's right. What is written down depends on the kinds of both states, or is
    `kind`, where the rules have their own word for it; `said` goes with it."""
    before = ticket.state
    ticket.enter(to)
    ticket.updated_at = utc_now()
    now = at or ticket.updated_at
    effect = _kind_of(before, to)
    if to.kind != StateKind.RESOLVED:
        stop_closing(ticket)
    if to.kind in FINISHED:
        forget_follow_up(ticket)
    if effect is EventKind.RESOLVED:
        ticket.resolved_at = now
        begin_closing(ticket, now)
    elif effect is EventKind.CLOSED:
        ticket.closed_at = now
    elif effect is EventKind.REOPENED:
        ticket.resolved_at = ticket.closed_at = None
    levels.moved(ticket, before.kind, now)
    record(ticket, kind or effect, by=by, before=before.code, after=to.code, **said)


def _wish(ticket: Ticket, to: State, *, by: Account, **said: Any) -> None:
    _check_wish(ticket, to, by=by)
    change_state(ticket, to, by=by, **said)


def _check_wish(ticket: Ticket, to: State, *, by: Account) -> None:
    if ticket.state.kind == StateKind.CLOSED and survivor_of(ticket) is not ticket:
        raise MergedAway
    who = movers(standing_of(db.session(), by), ticket)
    if not may_move(who, ticket, to):
        raise MoveNotAllowed(ticket.state.name(language()), to.name(language()))


def _kind_of(before: State, after: State) -> EventKind:
    if before.kind == after.kind:
        return EventKind.MOVED
    if after.kind == StateKind.RESOLVED:
        return EventKind.RESOLVED
    if after.kind == StateKind.CLOSED:
        return EventKind.CLOSED
    return EventKind.REOPENED if before.kind in FINISHED else EventKind.MOVED
