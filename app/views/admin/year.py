"""A calendar's year as a page shows it: twelve months of days, and the days that differ by name."""

from __future__ import annotations

import calendar as weeks
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calendar.business_days import year_of
from app.calendar.days import Day, Reason
from app.calendar.explain import Line
from app.calendar.model import WEEKDAYS, Calendar
from app.calendar.windows import Windows
from app.calendar.wording import closed_for
from app.locale import language

FIRST_YEAR, LAST_YEAR = 1990, 2100
KINDS: dict[Reason, Any] = {
    Reason.OPEN: _l("working day"),
    Reason.WEEKEND: _l("no working hours"),
    Reason.HOLIDAY: _l("public holiday"),
    Reason.DAY_OFF: _l("day off"),
    Reason.SPECIAL_DAY: _l("special day"),
}


@dataclass(frozen=True)
class Cell:
    """One day: its number, its kind for the eye, and what a reader hears of it."""

    number: int
    kind: str
    words: str


@dataclass(frozen=True)
class Month:
    """A month's name and its weeks, Monday first; None stands for days of the neighbours."""

    name: str
    weeks: Sequence[Sequence[Cell | None]]


@dataclass(frozen=True)
class Differing:
    """A day that is not like its day of the week."""

    day: str
    words: str


def months_of(calendar: Calendar, year: int) -> list[Month]:
    """The year, month by month."""
    days = {day.date: day for day in year_of(calendar, year)}
    table = weeks.Calendar()
    return [
        Month(
            format_date(date(year, month, 1), "LLLL"),
            [
                [_cell(calendar, days[day]) if day.month == month else None for day in week]
                for week in table.monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def differing_of(calendar: Calendar, year: int) -> list[Differing]:
    """Public holidays, days off and special days of the year, in order."""
    differing = [day for day in year_of(calendar, year) if _differs(calendar, day)]
    return [Differing(format_date(day.date, "EEEE d MMMM"), _words(calendar, day)) for day in differing]


def weekday_names() -> list[str]:
    locale = get_locale()
    return [] if locale is None else [locale.days["stand-alone"]["short"][number] for number in range(7)]


def _differs(calendar: Calendar, day: Day) -> bool:
    is_special = day.date in calendar.special_days
    return is_special or day.reason in (Reason.HOLIDAY, Reason.DAY_OFF)


def _cell(calendar: Calendar, day: Day) -> Cell:
    kind = Reason.SPECIAL_DAY if day.date in calendar.special_days else day.reason
    return Cell(day.date.day, kind.value, f"{format_date(day.date, 'd MMMM')}: {_words(calendar, day)}")


def _words(calendar: Calendar, day: Day) -> str:
    if day.openings:
        hours = _hours(calendar.plan(day.date).windows)
        return _("open %(hours)s", hours=hours)
    name = closed_for(calendar, Line(day.date, day.reason), language())
    kind = str(KINDS[day.reason])
    return f"{kind}, {name}" if name else kind


def _hours(windows: Windows) -> str:
    return ", ".join(str(window).replace("-", "–") for window in windows)


def week_of(calendar: Calendar) -> list[tuple[str, str]]:
    """(day of the week, hours) of all seven."""
    locale = get_locale()
    names = locale.days["stand-alone"]["wide"] if locale else dict(enumerate(WEEKDAYS))
    return [(names[number], _hours(calendar.week[weekday])) for number, weekday in enumerate(WEEKDAYS)]
