"""The arithmetic line by line: one line for every stretch worked, paused or closed. The lines add up to the figure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.calendar.clock import NOTHING, Pause, check_span, counts_as_received, days_between, merged, without
from app.calendar.days import Day, Opening, Reason, to_local, to_utc
from app.calendar.model import Calendar

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """What one stretch of a local date gave. Its bounds are in the calendar's zone, None where nothing was open."""

    date: date
    reason: Reason
    opens: datetime | None = None
    closes: datetime | None = None
    worked: timedelta = NOTHING

    @property
    def minutes(self) -> float:
        """Working minutes that count."""
        return self.worked / MINUTE


def explain(calendar: Calendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> list[Line]:
    """How `business_time_between` comes about; no lines when `end` is not after `start`."""
    at, until = to_utc(start), to_utc(end)
    check_span(at, until)
    if until <= at:
        return []
    breaks = merged(pauses)
    lines: list[Line] = []
    for day in days_between(calendar, at, until):
        lines += _day_lines(calendar, day, Opening(at, until), breaks)
    return lines


def explain_received(calendar: Calendar, arrived: datetime) -> list[Line]:
    """How `counts_as_received` comes about: the days passed over, then the moment that counts."""
    at = to_utc(arrived)
    received = counts_as_received(calendar, at)
    moment = to_local(received, calendar.tz)
    lines = [_closed(day) for day in days_between(calendar, at, received) if day.date < moment.date()]
    if received > at and not lines:
        lines = [Line(moment.date(), Reason.OUTSIDE_HOURS)]
    return [*lines, Line(moment.date(), Reason.RECEIVED, moment, moment)]


def _closed(day: Day) -> Line:
    """The line of a day on which nothing is counted."""
    return Line(day.date, Reason.OUTSIDE_HOURS if day.reason is Reason.OPEN else day.reason)


def _day_lines(calendar: Calendar, day: Day, span: Opening, pauses: Sequence[Pause]) -> list[Line]:
    if not day.openings:
        return [_closed(day)]
    lines: list[Line] = []
    for opening in day.openings:
        lines += _stretches(calendar, day.date, _overlap(opening, span), pauses)
    return lines or [_closed(day)]


def _stretches(calendar: Calendar, day: date, stretch: Opening, pauses: Sequence[Pause]) -> Iterator[Line]:
    """The stretch cut into what was worked and what was paused, in order."""
    reached, closes = stretch
    for opens, ends in without(pauses, reached, closes):
        if opens > reached:
            yield _line(calendar, day, Reason.PAUSED, Opening(reached, opens))
        yield _line(calendar, day, Reason.OPEN, Opening(opens, ends))
        reached = ends
    if reached < closes:
        yield _line(calendar, day, Reason.PAUSED, Opening(reached, closes))


def _line(calendar: Calendar, day: date, reason: Reason, stretch: Opening) -> Line:
    opens, closes = to_local(stretch.opens, calendar.tz), to_local(stretch.closes, calendar.tz)
    worked = stretch.closes - stretch.opens if reason is Reason.OPEN else NOTHING
    return Line(day, reason, opens, closes, worked)


def _overlap(one: Opening, other: Opening) -> Opening:
    return Opening(max(one.opens, other.opens), min(one.closes, other.closes))
