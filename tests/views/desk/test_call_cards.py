"""A call of the exchange opens its caller's card for whoever is on duty; one consultant settles it (S18)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk.incoming_calls import keep_call, read_call
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.event import Event
from app.models.types import utc_now
from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser, Open
from tests.views.statements import counted

WAITING = "/desk/calls/"
RINGING = "//section[@aria-labelledby='ringing']"


@pytest.fixture(autouse=True)
def _anna_has_a_number(app: Flask, people: None) -> None:
    with app.app_context(), transaction():
        db.session.scalars(select(Account).where(Account.email == "anna@klient.example")).one().telephone = "501234567"


def ring(app: Flask, caller: str = "+48501234567", digits: str = "31", *, ago: int = 1) -> int:
    came = (utc_now() - timedelta(minutes=ago)).isoformat()
    with app.app_context(), transaction():
        call, _new = keep_call(read_call({"caller": caller, "digits": digits, "time": came}))
        return call.id


def test_the_card_opens_for_who_is_on_duty_and_shows_what_the_caller_has_waiting(
    app: Flask, jan: Visitor, open_ticket: Open
) -> None:
    number = open_ticket(subject="Raport milczy")
    ring(app)
    card = text_of(jan.page(WAITING).xpath(RINGING)[0])
    assert all(words in card for words in ("Anna Nowak", "Klient", f"#{number}", "Raport milczy", "DYNAMICS"))


def test_a_call_of_a_while_ago_waits_without_opening(app: Flask, jan: Visitor) -> None:
    call = ring(app, ago=20)
    page = jan.page(WAITING)
    assert not page.xpath(RINGING)
    assert page.xpath(f"//a[@href='/desk/calls/show/{call}']")


def test_the_page_asks_again_and_hears_only_of_what_is_new(app: Flask, jan: Visitor) -> None:
    poll = jan.page(WAITING).xpath("//div[@id='waiting-calls']/@hx-get")[0]
    assert jan.get(poll).status_code == 204
    ring(app)
    answer = jan.get(poll)
    assert answer.status_code == 200
    assert "Anna Nowak" in answer.text


def test_asking_costs_as_much_for_many_calls_as_for_one(app: Flask, jan: Visitor) -> None:
    for number in range(12):
        ring(app, f"50123456{number}", ago=number + 20)
    with counted(app) as sent:
        jan.page(WAITING)
    assert len(sent) <= 12, sent


def test_the_caller_of_the_card_is_chosen_in_the_form(app: Flask, jan: Visitor, make_account: Open) -> None:
    make_account("piotr@klient.example", name="Piotr Nowak")
    with app.app_context(), transaction():
        db.session.scalars(select(Account).where(Account.email == "piotr@klient.example")).one().telephone = "501234567"
    make = jan.page(f"/desk/calls/show/{ring(app)}").xpath("//a[contains(., 'Piotr Nowak')]/@href")[-1]
    assert text_of(jan.page(make).xpath("//label[.//input[@name='requester' and @checked]]")[0]).startswith("Piotr")


def test_a_call_without_number_or_group_says_what_is_missing(app: Flask, jan: Visitor) -> None:
    call = ring(app, "anonymous", "39")
    page = text_of(jan.page(f"/desk/calls/show/{call}"))
    assert "Numer zastrzeżony" in page
    assert "Cyfry 39 nie prowadzą do żadnej grupy produktowej" in page
    assert not jan.page(f"/desk/tickets/new?call={call}").xpath("//input[@name='product_group' and @checked]")


def test_a_call_is_put_with_an_open_ticket_and_its_history_says_so(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    number, foreign = open_ticket(), open_ticket(group="TARGIT")
    card = f"/desk/calls/show/{ring(app)}"
    belongs = "//form[contains(@action,'belongs')]"
    jan.submit(card, {"ticket": str(foreign)}, form=belongs)
    assert jan.page(card).xpath(belongs)  # a ticket of another product group is not there for Jan
    jan.submit(card, {"ticket": str(number)}, form=belongs)
    with app.app_context():
        assert db.session.scalars(select(Event.kind).order_by(Event.id.desc())).first() == "called"
    assert f"#{number}" in text_of(jan.page(card))
    assert jan.page(f"/desk/tickets/{number}").xpath(f"//aside//a[@href='{card}']")


def test_a_call_that_was_put_aside_waits_again(app: Flask, jan: Visitor) -> None:
    card = f"/desk/calls/show/{ring(app)}"
    jan.submit(card, {}, form="//form[contains(@action,'done')]")
    assert not jan.page(WAITING).xpath("//div[@id='waiting-calls']//li")
    jan.submit(card, {}, form="//form[contains(@action,'back')]")
    assert jan.page(WAITING).xpath("//div[@id='waiting-calls']//li")


def test_an_auditor_reads_every_call_and_settles_none(app: Flask, auditor: Visitor, browser_of: Browser) -> None:
    call = ring(app)
    ring(app, digits="33")
    assert not auditor.page(f"/desk/calls/show/{call}").xpath("//main//form")
    assert auditor.post(f"/desk/calls/{call}/done").status_code in (400, 403)
    assert len(auditor.page("/desk/calls/list/?outcome=waiting&text=%2B485").xpath("//tbody/tr")) == 2
    assert len(browser_of("jan@desk.example").page("/desk/calls/list/").xpath("//tbody/tr")) == 1
