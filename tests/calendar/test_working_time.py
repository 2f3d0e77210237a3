"""Sums and differences of working time: tables, and properties against a slow clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar.clock import add_business_time, business_time_between, counts_as_received, is_open
from app.calendar.errors import CalendarError
from app.calendar.explain import explain
from app.calendar.model import Calendar
from app.calendar.preset import CWT
from app.calendar.windows import Window
from tests.calendar.clocks import MINUTE, local, shown, slow_minutes_between

HOUR = timedelta(hours=1)
NIGHT = Calendar(  # open over both changes of the clock, with a half-day and a day off
    "Night",
    "Europe/Warsaw",
    dict.fromkeys(CWT.week, (Window(0, 4 * 60), Window(22 * 60, 24 * 60))),
    country="PL",
    days_off={date(2026, 3, 27): "Inventory"},
    special_days={date(2026, 10, 26): (Window(60, 90),)},
)
CALENDARS = st.sampled_from((CWT, NIGHT))
FIRST = datetime(2025, 3, 20, tzinfo=UTC)  # before three changes to summer time and two back
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=750)).map(FIRST.__add__)
MINUTES = INSTANTS.map(lambda instant: instant.replace(second=0, microsecond=0))
SOME_DAYS = st.integers(0, 5 * 24 * 60).map(lambda minutes: minutes * MINUTE)
AMOUNTS = st.timedeltas(timedelta(0), timedelta(hours=60))


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-16 09:00", 8, "2026-11-16 17:00"),  # used up exactly at closing: that closing
        ("2026-11-16 09:00", 8.5, "2026-11-17 09:30"),
        ("2026-11-13 16:30", 1, "2026-11-16 09:30"),
        ("2026-11-10 16:00", 2, "2026-11-12 10:00"),
        ("2026-11-14 12:00", 1, "2026-11-16 10:00"),
        ("2026-11-16 12:00", 0, "2026-11-16 12:00"),
        ("2026-11-14 12:00", 0, "2026-11-14 12:00"),
        ("2025-12-23 16:00", 2, "2025-12-29 10:00"),
        ("2026-11-16 09:00", 40, "2026-11-20 17:00"),
        ("2026-03-27 16:00", 9, "2026-03-30 17:00"),
        ("2026-10-23 16:00", 9, "2026-10-26 17:00"),
    ],
)
def test_adding(start: str, hours: float, due: str) -> None:
    assert shown(add_business_time(CWT, local(start), hours * HOUR)) == due


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-13 16:30", "2026-11-16 09:30", 1),
        ("2026-11-14 00:00", "2026-11-15 23:59", 0),
        ("2026-11-09 09:00", "2026-11-14 09:00", 32),
        ("2026-11-16 10:00", "2026-11-16 09:00", 0),
        ("2026-11-16 08:59:59", "2026-11-16 09:00:01", 1 / 3600),
    ],
)
def test_the_time_between(start: str, end: str, hours: float) -> None:
    assert business_time_between(CWT, local(start), local(end)) == hours * HOUR


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2025-03-30", 5), ("2026-03-29", 5), ("2027-03-28", 5), ("2025-10-26", 7), ("2026-10-25", 7), ("2027-10-31", 7)],
)
def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn(day: str, hours: int) -> None:
    start = local(f"{day} 00:00")

    assert (
        business_time_between(replace(NIGHT, country=None), start, local(f"{day} 23:59:59") + timedelta(seconds=1))
        == hours * HOUR
    )


@pytest.mark.parametrize(
    ("zone", "day", "window", "opens", "closes"),
    [  # a bound holds from the first moment that shows it or a later time
        ("Europe/Warsaw", "2026-03-29", (0, 135), "2026-03-28T23:00", "2026-03-29T01:00"),
        ("Europe/Warsaw", "2026-03-29", (150, 195), "2026-03-29T01:00", "2026-03-29T01:15"),
        ("Europe/Warsaw", "2026-03-29", (120, 180), None, None),
        ("Europe/Warsaw", "2026-10-25", (0, 150), "2026-10-24T22:00", "2026-10-25T00:30"),
        ("Europe/Warsaw", "2026-10-25", (150, 240), "2026-10-25T00:30", "2026-10-25T03:00"),
        ("America/New_York", "2026-03-08", (60, 150), "2026-03-08T06:00", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01", (90, 120), "2026-11-01T05:30", "2026-11-01T07:00"),
        ("Australia/Lord_Howe", "2026-10-04", (60, 135), "2026-10-03T14:30", "2026-10-03T15:30"),  # by half an hour
        ("America/Santiago", "2026-09-06", (0, 120), "2026-09-06T04:00", "2026-09-06T05:00"),  # midnight is missing
        ("Pacific/Apia", "2011-12-30", (0, 1440), None, None),  # the whole day is
    ],
)
def test_hours_around_a_change_of_the_clock(
    zone: str, day: str, window: tuple[int, int], opens: str | None, closes: str | None
) -> None:
    calendar = Calendar("Odd", zone, {}, special_days={date.fromisoformat(day): (Window(*window),)})

    openings = calendar.days[date.fromisoformat(day).toordinal()].openings
    expected = [] if opens is None else [(f"{opens}:00+00:00", f"{closes}:00+00:00")]
    assert [(opening.opens.isoformat(), opening.closes.isoformat()) for opening in openings] == expected


def test_pauses_do_not_count_and_may_overlap() -> None:
    pauses = [
        (local("2026-11-16 10:00"), local("2026-11-16 12:00")),
        (local("2026-11-16 11:00"), local("2026-11-16 13:00")),
        (local("2026-11-16 16:00"), local("2026-11-17 10:00")),
    ]

    assert business_time_between(CWT, local("2026-11-16 09:00"), local("2026-11-17 11:00"), pauses) == 5 * HOUR
    assert shown(add_business_time(CWT, local("2026-11-16 09:00"), 5 * HOUR, pauses)) == "2026-11-17 11:00"


def test_time_cannot_be_taken_away() -> None:
    with pytest.raises(CalendarError, match="only be added"):
        add_business_time(CWT, local("2026-11-16 09:00"), -MINUTE)


def test_an_instant_needs_a_zone() -> None:
    with pytest.raises(CalendarError, match="no time zone"):
        is_open(CWT, datetime(2026, 11, 16, 9))  # noqa: DTZ001 that is what is refused


@given(CALENDARS, MINUTES, SOME_DAYS)
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_counting_minutes_one_by_one(calendar: Calendar, start: datetime, span: timedelta) -> None:
    assert business_time_between(calendar, start, start + span) == (
        slow_minutes_between(calendar, start, start + span) * MINUTE
    )


@given(CALENDARS, INSTANTS, AMOUNTS)
@settings(deadline=None)
def test_adding_and_measuring_are_inverse(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    assert business_time_between(calendar, start, add_business_time(calendar, start, amount)) == amount


@given(CALENDARS, INSTANTS, AMOUNTS, AMOUNTS)
@settings(deadline=None)
def test_adding_in_two_steps_is_adding_at_once(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    in_steps = add_business_time(calendar, add_business_time(calendar, start, one), other)
    at_once = add_business_time(calendar, start, one + other)

    assert business_time_between(calendar, min(in_steps, at_once), max(in_steps, at_once)) == timedelta(0)
    assert in_steps == at_once or other == timedelta(0) or one == timedelta(0)


@given(CALENDARS, st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
@settings(deadline=None)
def test_spans_add_up(calendar: Calendar, moments: list[datetime]) -> None:
    first, middle, last = moments

    whole = business_time_between(calendar, first, last)
    assert whole == business_time_between(calendar, first, middle) + business_time_between(calendar, middle, last)


@given(CALENDARS, INSTANTS, INSTANTS)
@settings(deadline=None)
def test_what_arrives_later_never_counts_earlier(calendar: Calendar, one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    for rule in ("following_day", "same_day"):
        ruled = replace(calendar, rule=rule)
        if rule == "same_day" or calendar is CWT:
            assert counts_as_received(ruled, earlier) <= counts_as_received(ruled, later)
        received = counts_as_received(ruled, earlier)
        assert received >= earlier
        assert is_open(ruled, received)
        assert counts_as_received(ruled, received) == received


@given(CALENDARS, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=9)))
@settings(deadline=None)
def test_the_lines_of_an_explanation_add_up_to_the_figure(calendar: Calendar, start: datetime, span: timedelta) -> None:
    lines = explain(calendar, start, start + span)

    assert sum((line.worked for line in lines), timedelta(0)) == business_time_between(calendar, start, start + span)
