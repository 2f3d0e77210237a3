"""Two people change the same thing of a ticket or a company: the second sees both sides and chooses."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from app.desk import field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.models import field_values
from app.models.organisation import Organisation
from app.models.ticket import Ticket
from tests.browsing import Visitor, filled_in, text_of
from tests.fields.samples import a_field
from tests.views.desk.conftest import Browser, Open

TOWN, SIZE, NOTES = a_field("text", "miasto"), a_field("choices", "rozmiary"), a_field("long_text", "uwagi")
FIELDS = "//form[.//*[starts-with(@name, 'f-')]]"


@pytest.fixture
def fields(app: Flask, people: None) -> None:
    with app.app_context(), transaction():
        company = [a_field("text", "branza", owner="organisation")]
        field_sets.publish((TOWN, SIZE, NOTES, *company), reason="próba", by=None)


def opened(visitor: Visitor, path: str, form: str = FIELDS, **values: Any) -> tuple[str, dict[str, Any]]:
    _method, target, data = filled_in(visitor.page(path).xpath(form)[0], path, values)
    return target, data


def kept(app: Flask) -> dict[str, Any]:
    with app.app_context():
        return field_values.values(db.session.scalars(select(Ticket)).one())


def test_only_what_both_changed_is_asked_about(
    app: Flask, fields: None, jan: Visitor, browser_of: Browser, open_ticket: Open
) -> None:
    path, iga = f"/desk/tickets/{open_ticket()}", browser_of("iga@desk.example")
    town, size, notes = (f"f-{each.id}" for each in (TOWN, SIZE, NOTES))
    jan.submit(path, {town: "Łódź", notes: "Raz\r\ndwa"}, form=FIELDS)
    target, data = opened(jan, path, **{town: "Gdańsk"})
    iga.submit(path, {town: "Kraków", size: ["small"], notes: "Trzy"}, form=FIELDS)
    stopped = jan.post(target, data=data)
    assert stopped.status_code == 409
    page = html.fromstring(stopped.text)
    assert "Ktoś inny zapisał w tym czasie: Kraków" in text_of(page)
    assert page.xpath(f"//input[@name='{town}']/@value") == ["Gdańsk"]
    assert "Trzy" in page.xpath(f"//textarea[@name='{notes}']")[0].text, "what Jan did not touch is Iga's"
    assert kept(app) == {TOWN.id: "Kraków", SIZE.id: ["small"], NOTES.id: "Trzy"}
    again = jan.send(page.xpath(FIELDS)[0], path, {})
    assert again.status_code == 200
    assert kept(app) == {TOWN.id: "Gdańsk", SIZE.id: ["small"], NOTES.id: "Trzy"}


def test_theirs_may_be_kept(app: Flask, fields: None, jan: Visitor, browser_of: Browser, open_ticket: Open) -> None:
    number = open_ticket()
    anna, town = browser_of("anna@klient.example"), f"f-{TOWN.id}"
    target, data = opened(anna, f"/tickets/{number}", **{town: "Gdańsk"})
    jan.submit(f"/desk/tickets/{number}", {town: "Kraków"}, form=FIELDS)
    stopped = anna.post(target, data=data)
    assert stopped.status_code == 409
    form = html.fromstring(stopped.text).xpath(FIELDS)[0]
    assert anna.send(form, target, {f"theirs-{TOWN.id}": "1"}).status_code == 200
    assert kept(app)[TOWN.id] == "Kraków"


def test_fields_of_a_company_too(app: Flask, fields: None, people: None, browser_of: Browser) -> None:
    adam = browser_of("adam@desk.example")
    with app.app_context():
        path = f"/desk/organisations/fields/{db.session.scalars(select(Organisation.id)).first()}"
    box = adam.page(path).xpath("//input[starts-with(@name, 'f-')]/@name")[0]
    target, data = opened(adam, path, **{box: "Młyn"})
    adam.submit(path, {box: "Piekarnia"}, form=FIELDS)
    stopped = adam.post(target, data=data)
    assert stopped.status_code == 409
    assert "Piekarnia" in text_of(html.fromstring(stopped.text))
    assert adam.post(target, data={**data, "was-" + box[2:]: ""}).status_code == 409


@pytest.mark.parametrize(
    ("act", "box", "theirs", "mine", "shown"),
    [
        ("priority", "priority", "high", "urgent", ("Normalny", "Wysoki", "Pilny")),
        ("move", "state", "waiting_customer", "resolved", ("Nowe", "Czeka na klienta", "Rozwiązane")),
        ("assign", "assignee", "me", "me", ("Nikt", "Iga Dwojga", "Jan Dynamiczny")),
        ("tags", "tags", "pilne", "vip", ("–", "pilne", "vip")),
    ],
)
def test_small_forms_show_both_sides(
    app: Flask, jan: Visitor, browser_of: Browser, open_ticket: Open, act: str, box: str, theirs: str, mine: str,
    shown: tuple[str, ...],
) -> None:  # fmt: skip
    path = f"/desk/tickets/{open_ticket()}"
    form = f"//form[@action='{path}/{act}']"
    target, data = opened(jan, path, form, **{box: mine})
    browser_of("iga@desk.example").submit(path, {box: theirs}, form=form)
    stopped = jan.post(target, data=data)
    assert stopped.status_code == 409
    page = html.fromstring(stopped.text)
    assert tuple(text_of(each) for each in page.xpath("//dl[@class='facts']/dd")) == shown
    assert "Iga Dwojga" in text_of(page.xpath("//*[@class='history']")[0])
    assert jan.send(page.xpath(form)[0], target, {}).status_code == 200
    assert jan.post(target, data={**data, "was": "x"}).status_code == 303, "nothing is different from what he wants"
