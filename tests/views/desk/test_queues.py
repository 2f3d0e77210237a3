"""The day's queues: each count is that of the list it leads to, within what its reader may see."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app.desk import tickets
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.views.desk import queues
from tests.browsing import Visitor, text_of
from tests.mail.letters import arrive, letter
from tests.views.desk.conftest import Browser, Open
from tests.views.statements import counted

COUNTS = "/desk/today/counts"


def change(app: Flask, number: int, **values: object) -> None:
    with app.app_context(), transaction():
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        for name, value in values.items():
            setattr(ticket, name, value)


def take(app: Flask, number: int, email: str) -> None:
    with app.app_context(), transaction():
        by = db.session.scalars(select(Account).where(Account.email == email)).one()
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        tickets.assign(ticket, to=by, by=by)


def test_each_count_is_that_of_its_list(
    app: Flask, settings: config.Settings, open_ticket: Open, browser_of: Browser
) -> None:
    mine, late, _other = open_ticket(), open_ticket(), open_ticket(group="TARGIT")
    take(app, mine, "iga@desk.example")
    change(app, late, due_at=utc_now() - timedelta(hours=1))
    change(app, mine, due_at=utc_now() + timedelta(hours=1), follow_up_at=utc_now() - timedelta(minutes=1))
    box = "PomocTARGIT@pomoc.example"
    arrive(app, settings, letter(to=box, sender=""), recipient=box)
    for email in ("iga@desk.example", "jan@desk.example", "ola@desk.example", "audyt@desk.example"):
        browser = browser_of(email)
        said = browser.get(COUNTS).json
        for tile in browser.page("/desk/today/").xpath("//ul[@class='queues']//a"):
            number, code = (tile.xpath(f".//span[@data-count]{part}")[0] for part in ("/text()", "/@data-count"))
            assert said[code] == number
            if code != "calls":
                rows = browser.page(tile.get("href")).xpath("//main//table/tbody/tr")
                assert len(rows) == int(number), (email, code)
    assert said["not_sure"] == "1"
    iga = browser_of("iga@desk.example").get(COUNTS).json
    assert {code: iga[code] for code in ("mine", "unassigned", "late", "due", "again")} == {
        "mine": "1", "unassigned": "2", "late": "1", "due": "1", "again": "1",
    }  # fmt: skip


def test_a_screen_that_stays_open_is_told_of_changes_only(app: Flask, open_ticket: Open, jan: Visitor) -> None:
    first = jan.get(COUNTS)
    again = jan.get(COUNTS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    open_ticket()
    changed = jan.get(COUNTS, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.json["unassigned"]) == (200, "1")


def test_what_is_more_than_can_be_read_is_told_as_more(app: Flask, open_ticket: Open, jan: Visitor) -> None:
    number = open_ticket()
    with app.app_context(), transaction():
        row = {name: value for name, value in vars(db.session.get_one(Ticket, 1)).items() if not name.startswith("_")}
        first = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        columns = [column.name for column in Ticket.__table__.columns if column.name not in ("id", "number")]
        values = {name: row.get(name, getattr(first, name, None)) for name in columns}
        db.session.execute(Ticket.__table__.insert(), [{**values, "number": 5000 + each} for each in range(120)])
    assert jan.get(COUNTS).json["unassigned"] == "99+"


def test_nothing_is_counted_again_within_a_minute_in_which_nothing_happened(
    app: Flask, open_ticket: Open, jan: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    minute = 30_000_000
    monkeypatch.setattr(queues, "time", SimpleNamespace(time=lambda: minute * 60.0))
    open_ticket()
    tag = jan.get(COUNTS).headers["ETag"]
    with counted(app) as said:
        jan.get(COUNTS)
    with counted(app) as again:
        assert jan.get(COUNTS, headers={"If-None-Match": tag}).status_code == 304
    assert len(again) <= 2 < len(said) <= 5, said
    minute += 1
    later = jan.get(COUNTS, headers={"If-None-Match": tag})
    assert (later.status_code, later.headers["ETag"] == tag) == (304, False)


def test_a_days_page_shows_the_first_of_what_is_worked_off(
    app: Flask, open_ticket: Open, jan: Visitor, browser_of: Browser
) -> None:
    adam = browser_of("adam@desk.example")
    assert "Nic na Ciebie nie czeka" in text_of(jan.page("/desk/today/"))
    assert adam.page("/desk/today/").xpath("//section[h2[@id='first-steps']]//a[@href='/desk/mailboxes/list/']")
    number = open_ticket(subject="Bardzo pilny raport")
    assert "Pierwsze kroki" not in text_of(adam.page("/desk/today/"))
    take(app, number, "jan@desk.example")
    page = jan.page("/desk/today/")
    assert page.xpath("//section[h2[@id='mine']]//a[@href='/desk/tickets/1001']/text()") == ["Bardzo pilny raport"]
    assert jan.get("/desk/").location == "/desk/today/"


def test_customers_have_no_such_page(people: None, browser_of: Browser) -> None:
    anna = browser_of("anna@klient.example")
    assert anna.get("/desk/today/").status_code == anna.get(COUNTS).status_code == 403
