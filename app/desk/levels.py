"""Service levels: what is promised of a ticket, frozen when it is made, counted in working time (docs/levels.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.calendar import clock
from app.calendar.clock import add_business_time
from app.calendar.errors import CalendarError
from app.calendar.explain import Line, explain
from app.calendar.model import Calendar
from app.desk.alarms import cancel, set_alarm
from app.desk.clocks import calendar_of, in_force, record_for
from app.events.record import EventKind, record
from app.events.transaction import read_once
from app.extensions import db
from app.models.account import Account
from app.models.held_answer import HeldAnswer
from app.models.level import WARN_PERCENT, Pause, ServiceLevel, Term, TermKind
from app.models.ticket import FINISHED, Message, MessageKind, StateKind, Ticket
from app.models.types import utc_now

MIND = "terms"  # the kind of the alarm at which the rules look at a ticket's terms
ANSWERS = (TermKind.FIRST, TermKind.NEXT)
HOLDING = timedelta(seconds=30)  # from when an answer may leave until it surely has
ACTIVE = select(ServiceLevel).where(ServiceLevel.active).order_by(ServiceLevel.id)
LEVELS = "service_levels"  # where a session keeps them
Stretch = tuple[datetime, datetime | None]  # a pause, without an end while it lasts


def level_of(ticket: Ticket) -> ServiceLevel | None:
    """The most specific active level that fits; the older of two alike."""
    fitting = (level for level in _levels() if _fits(level, ticket))
    return max(fitting, key=lambda level: level.specificity, default=None)


def begin(ticket: Ticket, *, at: datetime | None = None) -> None:
    """The clocks of a new ticket start when it counts as received; those of a call, which may be answered, at `at`."""
    level = level_of(ticket)
    if level is None:
        return
    ticket.agreed = _agreed(level)
    is_answered = at is not None and any(message.kind == MessageKind.CONSULTANT for message in ticket.messages)
    for kind in (TermKind.SOLUTION,) if is_answered else (TermKind.FIRST, TermKind.SOLUTION):
        _promise(ticket, level.minutes(kind), kind, at or ticket.counts_as_received_at)
    refresh(ticket)


def customer_wrote(ticket: Ticket, message: Message) -> None:
    """The customer waits for an answer again, unless he does already."""
    agreed = ticket.agreed
    if agreed is None or message.automatic or _waits(ticket, ticket.state.kind) or _open(ticket, *ANSWERS):
        return
    _promise(ticket, agreed["next"], TermKind.NEXT, message.counts_as_received_at)
    refresh(ticket)


def answered(ticket: Ticket, message: Message) -> None:
    """A consultant has answered."""
    for term in _open(ticket, *ANSWERS):
        term.met_at = max(_whole(message.arrived_at), term.starts_at)
    refresh(ticket)


def moved(ticket: Ticket, before: str, now: datetime) -> None:
    """The ticket has changed its state: the clocks may stand, go on, or have come to their end."""
    after, now = ticket.state.kind, _whole(now)
    if _waits(ticket, before) and not _waits(ticket, after):  # a call was confirmed, or taken up without that
        begin(
            ticket, at=clock.counts_as_received(calendar_of(record_for(ticket.product_group, ticket.organisation)), now)
        )
    if not ticket.terms or after == before:
        return
    for pause in ticket.pauses:
        pause.ends_at = pause.ends_at or max(now, pause.begins_at)
    if _stands(ticket, after):
        ticket.pauses.append(Pause(kind=after, begins_at=now))
    if after in FINISHED and before not in FINISHED:
        _solved(ticket, now)
    elif before in FINISHED and after not in FINISHED:
        for term in ticket.terms:
            if term.kind == TermKind.SOLUTION:
                term.met_at = None
    refresh(ticket)


def freeze_anew(ticket: Ticket, *, by: Account | None) -> None:
    """What the level depends on has changed: open terms keep their beginning and take the new level's minutes."""
    if _waits(ticket, ticket.state.kind):
        return  # what holds when somebody begins to work on it
    level, before = level_of(ticket), {term.kind: term.minutes for term in ticket.terms if term.is_open}
    if level is not None or ticket.agreed is not None:
        ticket.agreed = _agreed(level)
    for term in [term for term in ticket.terms if term.is_open]:
        minutes = level.minutes(TermKind(term.kind)) if level else None
        if level is None or minutes is None:
            term.dropped_at = _whole(utc_now())
        else:
            term.level, term.minutes, term.warn_percent = level.name, minutes, level.warn_percent
            term.warned_at = term.escalated_at = None
    has_solution = any(term.kind == TermKind.SOLUTION for term in ticket.terms)
    if level is not None and not has_solution and not ticket.is_unconfirmed and not ticket.is_finished:
        _promise(ticket, level.solution_minutes, TermKind.SOLUTION, ticket.counts_as_received_at)
    refresh(ticket)
    after = {term.kind: term.minutes for term in ticket.terms if term.is_open}
    if before != after:
        record(ticket, EventKind.TERMS_CHANGED, by=by, level=level.name if level else None, before=before, after=after)


def refresh(ticket: Ticket) -> None:
    """Count every open term's end anew, keep the nearest on the ticket, and set the alarm for what comes first.

    Of a ticket that is finished nothing is due. A calendar without hours ahead must not stop the ticket: then nothing
    can be said to be due.
    """
    if not ticket.terms:
        return
    try:
        calendar = _calendar(ticket)
        for term in ticket.terms:
            if term.is_open:
                amount = timedelta(minutes=term.minutes)
                term.due_at = end_of(calendar, term.starts_at, amount, _stretches(ticket))
        owed = [] if ticket.is_finished else [term.due_at for term in ticket.terms if term.is_open and term.due_at]
        ticket.due_at = min(owed, default=None)
        _set_alarm(ticket, calendar, utc_now())
    except CalendarError:
        ticket.due_at = None
        cancel(ticket, MIND)


def end_of(calendar: Calendar, starts_at: datetime, amount: timedelta, pauses: Sequence[Stretch]) -> datetime | None:
    """When so much working time is used up; None while the clock stands, in a pause without an end, before it was."""
    closed = [(begins_at, ends_at) for begins_at, ends_at in pauses if ends_at is not None]
    due_at = add_business_time(calendar, starts_at, amount, closed)
    stands_since = next((begins_at for begins_at, ends_at in pauses if ends_at is None), None)
    return due_at if stands_since is None or due_at <= stands_since else None


def mind(ticket: Ticket, now: datetime) -> None:
    """Warn before a term ends and escalate after it: each once, and only in working hours."""
    calendar = _calendar(ticket)
    if (leaves_at := _answer_leaves_at(ticket)) is not None:  # it counts as given when it was sent
        set_alarm(ticket, MIND, max(leaves_at, now) + HOLDING)
        return
    if clock.is_open(calendar, now) and not ticket.is_finished:
        for term in ticket.terms:
            if not term.is_open or term.due_at is None:
                continue
            due = term.due_at.isoformat()
            if now >= term.due_at and term.escalated_at is None:
                term.escalated_at = now
                record(ticket, EventKind.ESCALATED, by=None, term=term.kind, due=due)
            elif now < term.due_at and term.warned_at is None and now >= _warning_at(calendar, ticket, term):
                term.warned_at = now
                record(ticket, EventKind.WARNED, by=None, term=term.kind, due=due)
    _set_alarm(ticket, calendar, now)


def lines_of(ticket: Ticket, term: Term, now: datetime) -> tuple[Calendar, list[Line]]:
    """The working time of a term, stretch by stretch: until it was met, else until it is due, else until now.

    Of a term that is due the lines add up to its minutes.
    """
    calendar = _calendar(ticket)
    until = term.met_at or term.dropped_at or term.due_at or now
    return calendar, explain(calendar, term.starts_at, until, _pauses(ticket, now))


def open_terms(ticket: Ticket) -> Sequence[Term]:
    """What is still owed, the nearest first."""
    far = datetime.max.replace(tzinfo=utc_now().tzinfo)
    return sorted((term for term in ticket.terms if term.is_open), key=lambda term: (term.due_at or far, term.id))


def _levels() -> Sequence[ServiceLevel]:
    """The active levels."""
    return read_once(ACTIVE, LEVELS)


def _fits(level: ServiceLevel, ticket: Ticket) -> bool:
    organisation_id = ticket.organisation.id if ticket.organisation else None
    return (
        level.priority in (None, ticket.priority)
        and level.product_group_id in (None, ticket.product_group.id)
        and level.organisation_id in (None, organisation_id)
    )


def _agreed(level: ServiceLevel | None) -> dict[str, Any]:
    """What of the level is needed later, frozen for one ticket."""
    if level is None:
        return {"level": "", "next": None, "third_party": False}
    return {
        "level": level.name,
        "next": level.next_minutes,
        "third_party": level.pause_for_third_party,
        "warn_percent": level.warn_percent,
    }


def _promise(ticket: Ticket, minutes: int | None, kind: TermKind, at: datetime) -> None:
    """A term by what is agreed for the ticket, where anything is promised."""
    if minutes is not None and ticket.agreed is not None:
        percent = ticket.agreed.get("warn_percent", WARN_PERCENT)
        term = Term(
            kind=kind, level=ticket.agreed["level"], minutes=minutes, warn_percent=percent, starts_at=_whole(at)
        )
        ticket.terms.append(term)


def _waits(ticket: Ticket, kind: str) -> bool:
    """Whether the ticket, in a state of that kind, is a call on which nobody has begun to work."""
    return kind in (StateKind.UNCONFIRMED, *FINISHED) and not ticket.terms and ticket.confirmation is not None


def _solved(ticket: Ticket, now: datetime) -> None:
    """The solution is there; the clock of an answer that is owed stands, and goes on when the ticket is reopened."""
    for term in _open(ticket, TermKind.SOLUTION):
        term.met_at = max(now, term.starts_at)


def _whole(instant: datetime) -> datetime:
    """Clocks count whole seconds, so that the lines of an explanation add up as they are written."""
    return instant.replace(microsecond=0)


def _open(ticket: Ticket, *kinds: TermKind) -> list[Term]:
    return [term for term in ticket.terms if term.is_open and term.kind in kinds]


def _stands(ticket: Ticket, kind: str) -> bool:
    """Whether the ticket's clocks stand in states of that kind."""
    third = kind == StateKind.WAITING_THIRD_PARTY and bool(ticket.agreed and ticket.agreed["third_party"])
    return third or kind in (StateKind.WAITING_CUSTOMER, StateKind.UNCONFIRMED) or kind in FINISHED


def _answer_leaves_at(ticket: Ticket) -> datetime | None:
    return db.session.scalar(select(HeldAnswer.leaves_at).where(HeldAnswer.ticket_id == ticket.id).limit(1))


def _stretches(ticket: Ticket) -> list[Stretch]:
    return [(pause.begins_at, pause.ends_at) for pause in ticket.pauses]


def _pauses(ticket: Ticket, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    for pause in ticket.pauses:
        yield pause.begins_at, pause.ends_at or max(now, pause.begins_at)


def _calendar(ticket: Ticket) -> Calendar:
    """The ticket's, in the version by which it was received."""
    now = record_for(ticket.product_group, ticket.organisation)
    if (now.id, now.version) == (ticket.calendar_id, ticket.calendar_version):
        return calendar_of(now)
    return in_force(ticket) or calendar_of(now)


def _warning_at(calendar: Calendar, ticket: Ticket, term: Term) -> datetime:
    share = timedelta(minutes=term.minutes) * term.warn_percent / 100
    return add_business_time(calendar, term.starts_at, share, _pauses(ticket, utc_now()))


def _set_alarm(ticket: Ticket, calendar: Calendar, now: datetime) -> None:
    """At the next warning or end that nobody was told of, within working hours."""
    owed = [] if ticket.is_finished else [term for term in ticket.terms if term.is_open and term.due_at]
    wanted = [at for term in owed for at in _untold(calendar, ticket, term, now)]
    if wanted:
        set_alarm(ticket, MIND, clock.next_open_moment(calendar, max(min(wanted), now)))
    elif ticket.terms:
        cancel(ticket, MIND)


def _untold(calendar: Calendar, ticket: Ticket, term: Term, now: datetime) -> Iterator[datetime]:
    if term.due_at is None:
        return
    if term.warned_at is None and now < term.due_at and term.warn_percent < 100:
        yield _warning_at(calendar, ticket, term)
    if term.escalated_at is None:
        yield term.due_at
