"""S7-S9: when the desk is open, and when a report counts as received."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.calendar.clock import counts_as_received, is_open, next_opening
from app.calendar.instants import parse_instant
from app.calendar.model import Calendar, Rule
from app.calendar.preset import CWT
from app.calendar.windows import Window
from tests.calendar.clocks import local, shown

SAME_DAY = replace(CWT, rule=Rule.SAME_DAY)


@pytest.mark.parametrize(
    ("arrived", "received"),
    [
        # An ordinary Monday: within hours at once, outside them the following business day.
        ("2026-11-16 00:00", "2026-11-17 09:00"),
        ("2026-11-16 07:00", "2026-11-17 09:00"),
        ("2026-11-16 08:59:59", "2026-11-17 09:00"),
        ("2026-11-16 08:59:59.999999", "2026-11-17 09:00"),
        ("2026-11-16 09:00", "2026-11-16 09:00"),
        ("2026-11-16 12:34:56", "2026-11-16 12:34:56"),
        ("2026-11-16 16:59:59", "2026-11-16 16:59:59"),
        ("2026-11-16 17:00", "2026-11-17 09:00"),
        ("2026-11-16 23:59:59", "2026-11-17 09:00"),
        # The weekend.
        ("2026-11-13 16:50", "2026-11-13 16:50"),
        ("2026-11-13 17:01", "2026-11-16 09:00"),
        ("2026-11-14 10:00", "2026-11-16 09:00"),
        ("2026-11-15 23:59:59", "2026-11-16 09:00"),
        # Public holidays: Independence Day, Constitution Day, Corpus Christi, All Saints, Epiphany.
        ("2026-11-10 17:00", "2026-11-12 09:00"),
        ("2026-11-11 10:00", "2026-11-12 09:00"),
        ("2027-05-03 12:00", "2027-05-04 09:00"),
        ("2026-06-04 12:00", "2026-06-05 09:00"),
        ("2026-06-03 18:00", "2026-06-05 09:00"),
        ("2024-11-01 08:00", "2024-11-04 09:00"),
        ("2026-01-06 09:00", "2026-01-07 09:00"),
        # Christmas: the 24th is free from 2025 on.
        ("2024-12-24 10:00", "2024-12-24 10:00"),
        ("2025-12-24 10:00", "2025-12-29 09:00"),
        ("2026-12-23 17:00", "2026-12-28 09:00"),
        ("2026-12-31 17:00", "2027-01-04 09:00"),
        # Easter Monday moves.
        ("2025-04-19 12:00", "2025-04-22 09:00"),
        ("2026-04-03 17:30", "2026-04-07 09:00"),
        ("2027-03-26 20:00", "2027-03-30 09:00"),
        # A leap day is a day like any other.
        ("2024-02-29 09:00", "2024-02-29 09:00"),
        ("2024-02-29 17:00", "2024-03-01 09:00"),
        ("2028-02-28 17:00", "2028-02-29 09:00"),
    ],
)
def test_what_arrives_outside_hours_counts_from_the_next_business_day(arrived: str, received: str) -> None:
    assert shown(counts_as_received(CWT, local(arrived))) == received


@pytest.mark.parametrize(
    ("arrived", "received"),
    [
        ("2026-11-16 07:00", "2026-11-16 09:00"),
        ("2026-11-16 08:59:59", "2026-11-16 09:00"),
        ("2026-11-16 17:00", "2026-11-17 09:00"),
        ("2026-11-13 17:01", "2026-11-16 09:00"),
        ("2026-11-11 07:00", "2026-11-12 09:00"),
    ],
)
def test_a_calendar_may_choose_the_same_days_opening(arrived: str, received: str) -> None:
    assert shown(counts_as_received(SAME_DAY, local(arrived))) == received


@pytest.mark.parametrize(
    ("arrived", "received"),
    [
        ("2025-03-29T23:30", "2025-03-31T07:00:00+00:00"),  # the night of 23 hours
        ("2025-10-25T23:30", "2025-10-27T08:00:00+00:00"),  # the night of 25 hours
        ("2026-03-28T12:00", "2026-03-30T07:00:00+00:00"),
        ("2026-10-25T02:30", "2026-10-26T08:00:00+00:00"),  # occurs twice
        ("2027-03-28T03:00", "2027-03-30T07:00:00+00:00"),  # Easter Monday follows
        ("2027-10-31T02:30", "2027-11-02T08:00:00+00:00"),  # All Saints follows
    ],
)
def test_openings_keep_to_the_wall_clock_when_it_is_changed(arrived: str, received: str) -> None:
    assert counts_as_received(CWT, parse_instant(arrived, CWT.tz)) == datetime.fromisoformat(received)


def test_the_zone_of_the_question_does_not_matter() -> None:
    """23:30 in New York on Sunday is Monday 05:30 in Warsaw."""
    arrived = datetime.fromisoformat("2026-11-15T23:30:00-05:00")

    assert shown(counts_as_received(CWT, arrived)) == "2026-11-17 09:00"
    assert counts_as_received(CWT, arrived) == counts_as_received(CWT, arrived.astimezone(UTC))


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-16 08:59:59", False),
        ("2026-11-16 09:00", True),
        ("2026-11-16 16:59:59", True),
        ("2026-11-16 17:00", False),
        ("2026-11-11 12:00", False),
        ("2026-11-14 12:00", False),
    ],
)
def test_a_closing_time_itself_is_closed(instant: str, expected: bool) -> None:
    assert is_open(CWT, local(instant)) is expected


def test_the_next_opening_lies_after_the_instant() -> None:
    assert shown(next_opening(CWT, local("2026-11-16 08:00"))) == "2026-11-16 09:00"
    assert shown(next_opening(CWT, local("2026-11-16 09:00"))) == "2026-11-17 09:00"
    assert shown(next_opening(CWT, local("2026-11-10 12:00"))) == "2026-11-12 09:00"


def test_a_desk_that_never_closes_has_no_next_opening() -> None:
    always = Calendar("Always", "UTC", dict.fromkeys(CWT.week, (Window(0, 24 * 60),)))

    assert next_opening(always, local("2026-11-16 08:00")) is None
    assert counts_as_received(always, local("2026-11-15 03:00")) == local("2026-11-15 03:00")


@pytest.mark.parametrize(
    ("arrived", "received"),
    [
        ("2026-12-31 12:59", "2026-12-31 12:59"),  # a half-day
        ("2026-12-31 13:00", "2027-01-02 10:00"),  # its closing; Saturday the 2nd opens by exception
        ("2027-01-02 11:00", "2027-01-02 11:00"),
        ("2026-11-10 12:00", "2026-11-12 09:00"),  # a day off of the company's own, then the holiday
    ],
)
def test_half_days_days_off_and_openings_by_exception(arrived: str, received: str) -> None:
    special = {date(2026, 12, 31): (Window(9 * 60, 13 * 60),), date(2027, 1, 2): (Window(10 * 60, 14 * 60),)}
    calendar = replace(CWT, special_days=special, days_off={date(2026, 11, 10): "Inventory"})

    assert shown(counts_as_received(calendar, local(arrived))) == received


def test_a_calendar_that_never_opens_is_refused_and_does_not_loop() -> None:
    never = Calendar("Never", "Europe/Warsaw", {})

    with pytest.raises(ValueError, match="does not open within ten years"):
        counts_as_received(never, local("2026-11-16 10:00"))
