"""Instants in every form of ISO 8601 that people and programs write, and what is none."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.calendar.errors import CalendarError
from app.calendar.instants import parse_instant, parse_minutes
from tests.calendar.clocks import WARSAW

NINE = "2026-11-16T08:00:00+00:00"  # nine o'clock in Warsaw
HALF_PAST = "2026-11-16T08:30:00+00:00"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        *(("2026-11-16T09:00", NINE), (" 2026-11-16t09 ", NINE), ("2026-11-16 09:00:00", NINE)),
        *(("2026-11-16T08:00Z", NINE), ("2026-11-16T08:00z", NINE), ("2026-11-16T08:00-00:00", NINE)),
        *(("2026-11-16T10:00+02", NINE), ("2026-11-16T10:00+0200", NINE), ("2026-11-16T13:45+05:45", NINE)),
        *(("2026-11-16T03:00\u221205:00", NINE), ("2026-11-15T18:00-14:00", NINE)),
        *(("20261116T0900", NINE), ("20261116T090000", NINE), ("20261116T080000Z", NINE)),
        *(("2026-W47-1T09:00", NINE), ("2026W471T09", NINE), ("2026-320T09:00", NINE), ("2026320T0900", NINE)),
        *(("2026-11-16T09.5", HALF_PAST), ("2026-11-16T09:30,0", HALF_PAST), ("20261116T0930.000", HALF_PAST)),
        ("2026-11-16T09:29.5", "2026-11-16T08:29:30+00:00"),
        ("2026-11-16T09:00:00.9999999999", "2026-11-16T08:00:00.999999+00:00"),  # never rounded up to a closing
        ("2026-11-15T24:00", "2026-11-15T23:00:00+00:00"),
        ("2026-11-15T24:00:00,000", "2026-11-15T23:00:00+00:00"),
        ("2024-02-29T09:00", "2024-02-29T08:00:00+00:00"),
        ("2024-366T09:00", "2024-12-31T08:00:00+00:00"),
        ("2026-W53-5T09:00", "2027-01-01T08:00:00+00:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00+00:00"),  # the first of two
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30:00+00:00"),
        ("2026-03-29T03:00", "2026-03-29T01:00:00+00:00"),
    ],
)
def test_an_instant_is_read(text: str, instant: str) -> None:
    assert parse_instant(text, WARSAW) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "1795000000", "2026-11-16", "2026-11", "16.11.2026T09:00", "2026/11/16T09:00"),
        *("2026-02-29T10:00", "2026-04-31T10:00", "2026-13-01T10:00", "0000-01-01T00:00"),
        *("2026-000T09:00", "2026-366T09:00", "2027-W53-1T09:00", "2026-W00-1T09:00", "2026-W47-8T09:00"),
        *("2026-11-16T9:00", "2026-11-16T25:00", "2026-11-16T09:60", "2026-11-16T09:0", "2026-11-16T09:00."),
        *("2026-12-31T23:59:60Z", "2026-11-16T24:00:01", "2026-11-16T24:00.5", "2026-11-16T24:00:00.001"),
        *("2026-11-16T09:00+24:00", "2026-11-16T09:00 +01:00", "2026-11-16T09:00[Europe/Warsaw]", "-2026-11-16T09:00"),
        "２０２６-11-16T09:00",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(CalendarError) as refusal:
        parse_instant(text, WARSAW)
    assert refusal.value.code == "not_an_instant"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "nonexistent_instant") for text in ("2026-03-29T02:00", "2026-03-29T02.5", "2026-03-29T02:59:59.9")),
        *((text, "out_of_range") for text in ("0001-01-01T00:00", "9999-12-31T24:00", "9999-12-31T23:00-12:00")),
    ],
)
def test_what_no_clock_shows_is_refused(text: str, code: str) -> None:
    with pytest.raises(CalendarError) as refusal:
        parse_instant(text, WARSAW)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("text", "minutes"), [("90", 90), (" 7.5 ", 7.5), ("7,5", 7.5), (".5", 0.5), ("-5", -5), ("0", 0)]
)
def test_minutes_are_read(text: str, minutes: float) -> None:
    assert parse_minutes(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "not_minutes") for text in ("", "x", "nan", "inf", "1_000", "0x10", "１２", "1,2,3")),
        ("9" * 20, "too_far"),
    ],
)
def test_what_is_no_number_of_minutes_is_refused(text: str, code: str) -> None:
    with pytest.raises(CalendarError) as refusal:
        parse_minutes(text)
    assert refusal.value.code == code
