"""Whole business days, Polish holidays, and S6: until when a call must be confirmed."""

from datetime import date

import pytest

from app.calendar.business_days import (
    add_business_days,
    confirmation_deadline,
    end_of_business_day,
    year_of,
)
from app.calendar.errors import CalendarError
from app.calendar.preset import CWT
from app.calendar.public_holidays import public_holidays
from tests.calendar.clocks import local, shown

EASTER = {  # the movable feasts of two decades, from the table of any church
    2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21),
    2031: (4, 13), 2032: (3, 28), 2033: (4, 17), 2034: (4, 9), 2035: (3, 25), 2036: (4, 13), 2037: (4, 5),
    2038: (4, 25), 2039: (4, 10), 2040: (4, 1),
}  # fmt: skip
FIXED = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))


@pytest.mark.parametrize("year", EASTER)
def test_the_polish_holidays_of_a_year(year: int) -> None:
    easter = date(year, *EASTER[year]).toordinal()
    movable = {date.fromordinal(easter + days) for days in (0, 1, 49, 60)}
    expected = movable | {date(year, month, day) for month, day in FIXED}
    if year >= 2025:
        expected.add(date(year, 12, 24))

    assert set(public_holidays("PL", year)) == expected


@pytest.mark.parametrize(
    ("called", "until"),
    [
        ("2026-11-13 16:50", "2026-11-16 17:00"),  # the instruction's own case
        ("2026-11-13 17:01", "2026-11-17 17:00"),
        ("2026-11-16 10:00", "2026-11-17 17:00"),
        ("2026-11-16 07:00", "2026-11-18 17:00"),
        ("2026-11-10 16:59", "2026-11-12 17:00"),
        ("2025-12-23 12:00", "2025-12-29 17:00"),
        ("2026-03-27 12:00", "2026-03-30 17:00"),
    ],
)
def test_a_call_is_to_be_confirmed_by_the_closing_of_the_next_business_day(called: str, until: str) -> None:
    assert shown(confirmation_deadline(CWT, local(called))) == until


def test_business_days_are_counted_past_weekends_and_holidays() -> None:
    assert add_business_days(CWT, date(2026, 11, 10), 1) == date(2026, 11, 12)
    assert add_business_days(CWT, date(2026, 11, 13), 5) == date(2026, 11, 20)


def test_a_closed_day_has_no_end_of_business() -> None:
    assert shown(end_of_business_day(CWT, date(2026, 11, 12))) == "2026-11-12 17:00"
    with pytest.raises(CalendarError, match="not a business day"):
        end_of_business_day(CWT, date(2026, 11, 11))


@pytest.mark.parametrize(("year", "days", "open_days"), [(2024, 366, 252), (2025, 365, 251), (2026, 365, 253)])
def test_the_preview_of_a_year_has_every_day(year: int, days: int, open_days: int) -> None:
    preview = year_of(CWT, year)

    assert len(preview) == days
    assert sum(bool(day.openings) for day in preview) == open_days
