"""One day of a calendar as instants, worked out once and remembered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _
from app.calendar.windows import Windows

REMEMBERED = 4_000  # days, about eleven years
SECOND = timedelta(seconds=1)


class Reason(StrEnum):
    """Why a day, or a stretch of it, does or does not count."""

    OPEN = "open"
    WEEKEND = "weekend"  # no hours on this day of the week
    HOLIDAY = "holiday"
    DAY_OFF = "day_off"
    SPECIAL_DAY = "special_day"
    OUTSIDE_HOURS = "outside_hours"
    PAUSED = "paused"
    RECEIVED = "received"


class Plan(NamedTuple):
    """What the rules of a calendar say about a date, in local time."""

    windows: Windows
    reason: Reason


class Opening(NamedTuple):
    """Open from `opens` up to but not including `closes`, both in UTC."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A local date with its openings in order; a business day is one that has any."""

    date: date
    openings: tuple[Opening, ...]
    reason: Reason


class Days(dict[int, Day]):
    """The days of one calendar by the ordinal of their date, made when first asked for."""

    def __init__(self, zone: ZoneInfo, plan: Callable[[date], Plan]) -> None:
        super().__init__()
        self.zone = zone
        self.plan = plan

    def __missing__(self, ordinal: int) -> Day:
        day = date.fromordinal(ordinal)
        windows, reason = self.plan(day)
        if len(self) >= REMEMBERED:
            self.clear()
        self[ordinal] = made = Day(day, _openings(day, windows, self.zone), reason)
        return made

    def on(self, instant: datetime) -> Day:
        """The day whose local date it is at `instant`."""
        return self[to_local(instant, self.zone).toordinal()]


def to_utc(instant: datetime) -> datetime:
    """The same instant in UTC, where plain subtraction is right; refused without an offset."""
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        sentence = _("%(instant)s has no time zone; add an offset such as +01:00 or Z.")
        raise CalendarError("naive_instant", sentence, instant=instant.isoformat())
    return _converted(instant, UTC)


def to_local(instant: datetime, zone: ZoneInfo) -> datetime:
    """The same instant on the clock of `zone`."""
    return _converted(instant, zone)


def out_of_range() -> CalendarError:
    """The error for what lies beyond the years that Python counts."""
    return CalendarError("out_of_range", _("That lies outside the years 1 to 9999; choose a nearer time."))


def _converted(instant: datetime, zone: tzinfo) -> datetime:
    try:
        return instant.astimezone(zone)
    except (OverflowError, ValueError) as error:
        raise out_of_range() from error


def _openings(day: date, windows: Windows, zone: ZoneInfo) -> tuple[Opening, ...]:
    stretches = (Opening(*(_bound(day, minutes, zone) for minutes in window)) for window in windows)
    return tuple(stretch for stretch in stretches if stretch.opens < stretch.closes)


def _bound(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """When the wall clock first shows that time of the day or a later one: bounds keep their order on any day."""
    local = datetime(day.year, day.month, day.day, tzinfo=zone)
    try:
        local += timedelta(minutes=minutes)  # arithmetic on the wall clock, as aware datetimes do it
        late, early = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    except OverflowError as error:
        raise out_of_range() from error
    return late if late <= early else _change_between(early, late, zone)  # backwards only where the clock jumps over it


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clock of the zone was changed."""
    old = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2 // SECOND * SECOND
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
