"""Calendars go out as iCalendar and come back the same; strangers' files say what they can."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.calendar.errors import CalendarError
from app.calendar.ical import MOST_DAYS, read_ical, write_ical
from app.calendar.preset import CWT
from app.calendar.windows import Window

HEAD, TAIL = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n", "END:VCALENDAR\r\n"


def file(*events: str) -> bytes:
    wrapped = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\n{event}\r\nEND:VEVENT\r\n" for number, event in enumerate(events)
    )
    return (HEAD + wrapped + TAIL).encode()


def days(*events: str) -> dict[date, str]:
    return read_ical(file(*events), CWT, until=2028).days_off


def test_what_is_written_is_read_back() -> None:
    calendar = replace(
        CWT,
        days_off={date(2026, 5, 2): "Święto firmy, zamknięte", date(2026, 6, 5): ""},
        special_days={
            date(2026, 12, 31): (Window(9 * 60, 13 * 60),),
            date(2026, 11, 14): (Window(8 * 60, 12 * 60), Window(13 * 60, 24 * 60)),
            date(2026, 11, 16): (),
        },
    )
    found = read_ical(write_ical(calendar, [2026], "pl"), calendar, until=2030)
    assert found.special_days == {day: windows for day, windows in calendar.special_days.items() if windows}
    assert found.days_off[date(2026, 5, 2)] == "Święto firmy, zamknięte"
    assert found.days_off[date(2026, 11, 11)] == "Narodowe Święto Niepodległości"
    assert date(2026, 11, 16) in found.days_off
    assert found.ignored == 0
    assert write_ical(calendar, [2026]) == write_ical(calendar, [2026])


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART;VALUE=DATE:20261224\r\nSUMMARY:Wigilia", {date(2026, 12, 24): "Wigilia"}),
        (
            "DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227",
            dict.fromkeys((date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)), ""),
        ),
        ("DTSTART;VALUE=DATE:20261224\r\nDURATION:P2D", dict.fromkeys((date(2026, 12, 24), date(2026, 12, 25)), "")),
        (
            "DTSTART;VALUE=DATE:20260502\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20270502\r\nSUMMARY:Dzień Flagi",
            dict.fromkeys((date(2026, 5, 2), date(2028, 5, 2)), "Dzień Flagi"),
        ),
        (
            "DTSTART;VALUE=DATE:20260502\r\nRRULE:FREQ=YEARLY;UNTIL=20270601T000000Z",
            dict.fromkeys((date(2026, 5, 2), date(2027, 5, 2)), ""),
        ),
        ("DTSTART:20261224T100000Z\r\nDTEND:20261224T110000Z\r\nSUMMARY:Zebranie", {}),
        ("SUMMARY:Bez daty", {}),
    ],
)
def test_whole_days_are_days_off(event: str, expected: dict[date, str]) -> None:
    assert days(event) == expected


def test_an_opening_at_another_zone_is_read_on_the_desks_clock() -> None:
    found = read_ical(file("DTSTART:20261114T080000Z\r\nDTEND:20261114T120000Z\r\nCATEGORIES:OPENING"), CWT, until=2026)
    assert found.special_days == {date(2026, 11, 14): (Window(9 * 60, 13 * 60),)}


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"%PDF-1.7"])
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(CalendarError) as refused:
        read_ical(content, CWT, until=2026)
    assert refused.value.code == "not_ical"


def test_a_file_without_end_is_cut() -> None:
    with pytest.raises(CalendarError) as refused:
        days("DTSTART;VALUE=DATE:19000101\r\nRRULE:FREQ=DAILY")
    assert refused.value.code == "too_many_days"
    assert str(MOST_DAYS) in str(refused.value)
