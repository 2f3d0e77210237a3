"""A calendar: the hours of a desk, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from app.calendar.days import Days, Plan, Reason
from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _
from app.calendar.public_holidays import check_country, public_holidays
from app.calendar.windows import Windows, check_windows

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Rule(StrEnum):
    """When a report from outside the hours counts as received (S9)."""

    FOLLOWING_DAY = "following_day"  # the opening of the nearest business day following its date
    SAME_DAY = "same_day"  # the next opening, be it the same day's


@dataclass(frozen=True)
class Calendar:
    """The hours of a desk. A special day overrides a day off, that a public holiday, and that the week.

    Keep and share the object: it remembers the days that it has worked out.
    """

    name: str
    zone: str  # IANA name
    week: Mapping[str, Windows]  # of WEEKDAYS; a day without windows is closed
    country: str | None = None  # whose public holidays are free: PL, DE-BY
    days_off: Mapping[date, str] = field(default_factory=dict)  # date -> its name, which may be empty
    # Half-days and exceptional openings; no windows = closed.
    special_days: Mapping[date, Windows] = field(default_factory=dict)
    rule: Rule = Rule.FOLLOWING_DAY
    version: int = 1

    def __post_init__(self) -> None:
        check_zone(self.zone)
        if self.country is not None:
            check_country(self.country)
        for weekday in self.week:
            check_weekday(weekday)
        week = {weekday: check_windows(self.week.get(weekday, ()), weekday) for weekday in WEEKDAYS}
        special = {day: check_windows(windows, day.isoformat()) for day, windows in self.special_days.items()}
        object.__setattr__(self, "week", week)
        object.__setattr__(self, "special_days", special)

    def __hash__(self) -> int:
        return hash((self.name, self.version))

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone as Python knows it."""
        return ZoneInfo(self.zone)

    @cached_property
    def days(self) -> Days:
        """Every day of the calendar, by ordinal."""
        return Days(self.tz, self.plan)

    @property
    def has_hours(self) -> bool:
        """Whether any window is written down at all."""
        return any(self.week.values()) or any(self.special_days.values())

    def plan(self, day: date) -> Plan:
        """The windows of a date in local time, or why there are none."""
        if day in self.special_days:
            windows = self.special_days[day]
            return Plan(windows, Reason.OPEN if windows else Reason.SPECIAL_DAY)
        if day in self.days_off:
            return Plan((), Reason.DAY_OFF)
        if self.country is not None and day in public_holidays(self.country, day.year):
            return Plan((), Reason.HOLIDAY)
        windows = self.week[WEEKDAYS[day.weekday()]]
        return Plan(windows, Reason.OPEN if windows else Reason.WEEKEND)


def check_zone(zone: str) -> None:
    """Refuse what is not the name of a time zone."""
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError) as error:  # a folder of zones, "Europe", is an OSError
        sentence = _("“%(zone)s” is not a time zone; use a name such as Europe/Warsaw.")
        raise CalendarError("unknown_zone", sentence, zone=zone) from error


def check_weekday(weekday: str) -> None:
    """Refuse what is not a day of the week."""
    if weekday not in WEEKDAYS:
        sentence = _("“%(weekday)s” is not a day of the week; use monday to sunday.")
        raise CalendarError("unknown_weekday", sentence, weekday=weekday)
