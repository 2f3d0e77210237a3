"""Calendars are data: administrators shape them, every saving is a version, the past stays as it was."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.calendar.clock import counts_as_received
from app.desk.calendars import calendar_at
from app.desk.clocks import calendar_of, in_force
from app.extensions import db
from app.models.product_group import CalendarRecord
from app.models.ticket import Ticket
from tests.browsing import Visitor, text_of
from tests.mail.desk import open_ticket

FILE = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20271008\r\n"
    b"SUMMARY:Inwentaryzacja\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def cwt(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(CalendarRecord.id).where(CalendarRecord.name == "CWT")).one()


def test_a_changed_calendar_is_a_new_version_and_counts_from_then_on(app: Flask, adam: Visitor) -> None:
    pk = cwt(app)
    adam.submit(
        f"/desk/calendars/edit/{pk}",
        {
            "monday": "08:00-12:00; 13:00–18:00",
            "rule": "same_day",
            "special_days": "2026-12-31 09:00-13:00\n2026-11-30 -",
        },
    )
    with app.app_context():
        record = db.session.get_one(CalendarRecord, pk)
        assert record.version == 2
        assert [str(window) for window in calendar_of(record).week["monday"]] == ["08:00-12:00", "13:00-18:00"]
        early = datetime(2026, 11, 16, 6, tzinfo=UTC)
        assert counts_as_received(calendar_of(record), early) == datetime(2026, 11, 16, 7, tzinfo=UTC)
        before = calendar_at(pk, 1)
        assert before is not None
        assert counts_as_received(before, early) == datetime(2026, 11, 17, 8, tzinfo=UTC)


def test_a_later_change_leaves_a_tickets_past_as_it_was(app: Flask, adam: Visitor, people: dict[str, int]) -> None:
    early = datetime(2026, 11, 16, 6, tzinfo=UTC)
    with app.app_context():
        number = open_ticket(arrived_at=early).number
    adam.submit(f"/desk/calendars/edit/{cwt(app)}", {"rule": "same_day"})
    with app.app_context():
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        assert ticket.counts_as_received_at == datetime(2026, 11, 17, 8, tzinfo=UTC)
        calendar = in_force(ticket)
        assert calendar is not None
        assert calendar.rule == "following_day"
    assert "17" in text_of(adam.page(f"/desk/tickets/{number}").xpath("//details[@class='why']")[0])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"monday": "9-17"}, "nie jest przedziałem"),
        ({"monday": "17:00-09:00"}, "monday"),
        ({"zone": "Europe"}, "strefą czasową"),
        ({"country": "XX"}, "XX"),
        ({"special_days": "31.12.2026 09:00-13:00"}, "31.12.2026"),
        (dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ""), "godzin"),
    ],
)
def test_what_cannot_be_is_refused_by_its_line_and_stays_typed(
    app: Flask, adam: Visitor, values: dict[str, str], sentence: str
) -> None:
    page = adam.submit(f"/desk/calendars/edit/{cwt(app)}", values)
    assert page.status_code == 200
    assert sentence in page.text
    for value in filter(None, values.values()):
        assert value in page.text
    with app.app_context():
        assert db.session.get_one(CalendarRecord, cwt(app)).version == 1


def test_a_second_calendar_belongs_to_a_product_group_or_to_a_company(
    app: Flask, adam: Visitor, people: dict[str, int]
) -> None:
    adam.submit(
        "/desk/calendars/add",
        {"name": "Całą dobę", "country": "", **dict.fromkeys(("saturday", "sunday"), "00:00-24:00")},
    )
    assert "już istnieje" in adam.submit("/desk/calendars/add", {"name": "CWT"}).text
    with app.app_context():
        new = db.session.scalars(select(CalendarRecord).where(CalendarRecord.name == "Całą dobę")).one().id
    adam.submit("/desk/organisations/edit/1", {"calendar_id": str(new)})
    saturday = datetime(2026, 11, 14, 10, tzinfo=UTC)
    with app.app_context():
        assert open_ticket(arrived_at=saturday).counts_as_received_at == saturday
        other = open_ticket(arrived_at=saturday, requester="ewa@inny.example", message_id=None)
        assert other.counts_as_received_at == datetime(2026, 11, 16, 8, tzinfo=UTC)


def test_days_come_from_a_file_and_go_out_as_one(app: Flask, adam: Visitor) -> None:
    pk = cwt(app)
    answer = adam.submit(
        f"/desk/calendars/show/{pk}",
        {"file": (io.BytesIO(FILE), "dni.ics")},
        form="//main//form[contains(@action, 'import')]",
    )
    assert "dni wolne: 1" in answer.text
    assert "Inwentaryzacja" in text_of(adam.page(f"/desk/calendars/show/{pk}?year=2027"))
    assert "Inwentaryzacja" in adam.get(f"/desk/calendars/{pk}/file.ics?year=2027").text
    refused = adam.submit(
        f"/desk/calendars/show/{pk}",
        {"file": (io.BytesIO(b"%PDF"), "dni.ics")},
        form="//main//form[contains(@action, 'import')]",
    )
    assert "iCalendar" in refused.text
    assert refused.status_code == 200


def test_a_year_is_shown_with_its_holidays_and_nothing_beyond_the_known_years(app: Flask, adam: Visitor) -> None:
    page = adam.page(f"/desk/calendars/show/{cwt(app)}?year=2026")
    assert len(page.xpath("//table[@class='month']")) == 12
    assert "Wigilia" in text_of(page)
    adam.page(f"/desk/calendars/show/{cwt(app)}?year=9999", status=404)


def test_the_clock_answers_administrators(app: Flask, adam: Visitor, jan: Visitor) -> None:
    page = adam.page(f"/desk/clock/?calendar={cwt(app)}&arrived=2026-11-13T17:01&rule=&add=480&until=2026-11-16T10:00")
    said = text_of(page.xpath("//main")[0])
    assert "16 listopada 2026 09:00:00 CET" in said
    assert "16 listopada 2026 17:00:00 CET" in said
    assert "60" in [text_of(cell) for cell in page.xpath("//dd")]
    missing = adam.page(f"/desk/clock/?calendar={cwt(app)}&arrived=2026-03-29T02:30")
    assert "nie istnieje" in text_of(missing)
    assert not missing.xpath("//*[@aria-invalid]")
    jan.page("/desk/clock/", status=403)
