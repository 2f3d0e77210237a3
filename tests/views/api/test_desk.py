"""What the desk is made of, and what happened to tickets, by API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.access import get_ticket, standing_of
from app.calendar.preset import CWT
from app.desk import tickets
from app.desk.calendars import add_calendar
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.mailbox import Mailbox
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.ticket import Attachment, Message
from tests.views.api.conftest import FILE, Program
from tests.views.statements import counted

Programs = Callable[..., Program]
ANNA, JAN = 1, 3
COLUMNS = {
    "product_group": "id name names menu_digit position active calendar",
    "mailbox": "id address name product_group active",
    "state": "code kind name_pl name_en names position",
    "calendar": "id name version definition",
    "event": "id ticket message kind actor created_at text",
    "account": "id email first_name last_name telephone language timezone active roles organisations product_groups"
    " fields",
    "organisation": "id name domains calendar created_at fields",
}


@pytest.mark.parametrize("resource", COLUMNS)
def test_each_has_the_promised_columns_in_five_statements(
    app: Flask, desk: None, program: Programs, resource: str
) -> None:
    jan = program("jan@desk.example")
    with counted(app) as sent:
        answer = jan.list(resource)
    assert len(sent) <= 5, sent
    assert set(answer["result"][0]) == set(COLUMNS[resource].split())
    assert jan.get(f"{resource}/{answer['ids'][0]}").json["result"] == answer["result"][0]


@pytest.mark.parametrize("resource", [*COLUMNS, "ticket", "message", "attachment"])
def test_every_listed_plain_column_can_be_filtered_by_its_value(desk: None, program: Programs, resource: str) -> None:
    """design.md: `eq` for plain columns, `rel_o_m` for relations; what was shown finds its row."""
    jan = program("jan@desk.example")
    listed = jan.list(resource)
    key = listed["ids"][0]
    for name, value in listed["result"][0].items():
        if name in ("definition", "fields", "names", "roles", "text") or value in (None, []):
            continue
        held = value[0] if isinstance(value, list) else value
        operator, wanted = ("rel_o_m", held["id"]) if isinstance(held, dict) else ("eq", held)
        assert key in jan.where(resource, name, operator, wanted), (name, wanted)


def test_a_customer_sees_what_takes_tickets(app: Flask, desk: None, program: Programs) -> None:
    anna, jan = program("anna@klient.example"), program("jan@desk.example")
    assert [row["name"] for row in anna.list("product_group")["result"]] == [
        "DYNAMICS",
        "PROPHIX",
        "TARGIT",
        "POWER BI",
    ]
    with app.app_context(), transaction():
        db.session.get_one(ProductGroup, 1).active = False
        db.session.get_one(Mailbox, 2).active = False
    assert anna.list("product_group")["ids"] == [2, 3, 4]
    assert anna.list("mailbox")["ids"] == [3, 4]
    assert anna.get("mailbox/1").text == anna.get("mailbox/999").text
    assert jan.where("product_group", "active", "eq", False) == [1]
    assert jan.list("mailbox")["count"] == 4


def test_hours_agreed_with_another_company_are_not_shown(app: Flask, desk: None, program: Programs) -> None:
    with app.app_context(), transaction():
        agreed = add_calendar(replace(CWT, name="Umowa"))
        db.session.get_one(Organisation, 1).calendar = agreed
    assert program("anna@klient.example").list("calendar")["ids"] == [1, 2]
    assert program("ewa@inny.example").list("calendar")["ids"] == [1]
    assert program("jan@desk.example").list("calendar")["ids"] == [1, 2]


def test_states_are_asked_for_by_their_code(desk: None, program: Programs) -> None:
    anna = program("anna@klient.example")
    listed = anna.list("state", {"page_size": 3})
    assert listed["ids"] == ["unconfirmed", "new", "open"]
    assert anna.list("state", after=listed["next"])["ids"] == [
        "waiting_customer",
        "waiting_third_party",
        "resolved",
        "closed",
    ]
    assert anna.get("state/new").json["result"]["name_pl"] == "Nowe"
    assert {anna.get(f"state/{code}").status_code for code in ("none", "a%00b", "1")} == {404}
    assert anna.where("state", "kind", "eq", "open") == ["open"]
    assert anna.get("state/", {}, after="x~y").status_code == 400


@pytest.fixture
def happened(app: Flask, desk: None) -> None:
    """Jan takes ticket 1001 and answers it."""
    with app.app_context(), transaction():
        jan = db.session.get_one(Account, JAN)
        ticket = get_ticket(db.session(), standing_of(db.session(), jan), 1001, lock=True)
        tickets.assign(ticket, to=jan, by=jan)


def lines(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["kind"], row["text"]) for row in answer["result"]]


def test_events_tell_what_happened_in_the_readers_language(happened: None, program: Programs) -> None:
    jan = program("jan@desk.example")
    first = {"filters": [{"col": "ticket", "opr": "rel_o_m", "value": 1}]}
    assert lines(jan.list("event", first, _l_="en")) == [
        ("opened", "opened the ticket"),
        ("noted", "wrote an internal note"),
        ("assigned", "gave the ticket to Jan Dynamiczny"),
    ]
    assert jan.get("event/1", _l_="en").json["result"]["actor"] == {"id": ANNA, "name": "Anna Nowak"}


def test_a_customer_reads_no_event_about_a_note(app: Flask, happened: None, program: Programs) -> None:
    with app.app_context(), transaction():
        note = db.session.get_one(Message, 2)
        tickets.attach(note, [FILE], by=db.session.get_one(Account, ANNA))
        assert db.session.get(Attachment, 7).message_id == note.id
    anna = program("anna@klient.example")
    assert [kind for kind, _text in lines(anna.list("event"))] == ["opened", "assigned"]
    assert anna.where("event", "message", "rel_o_m", 2) == []
    assert anna.where("event", "kind", "eq", "noted") == []
    assert anna.get("event/2").text == anna.get("event/999").text


def test_events_of_foreign_tickets_are_missing(happened: None, program: Programs) -> None:
    jan = program("jan@desk.example")
    foreign = program("adam@desk.example").where("event", "ticket", "rel_o_m", 3)
    assert foreign
    assert {jan.get(f"event/{pk}").status_code for pk in foreign} == {404}
    assert jan.where("event", "ticket", "rel_o_m", 3) == []


def test_product_groups_are_called_as_the_reader_calls_them(app: Flask, desk: None, program: Programs) -> None:
    with app.app_context(), transaction():
        db.session.get_one(ProductGroup, 1).names = {"en": "Ledgers"}
    jan = program("jan@desk.example")
    for language, name in (("en", "Ledgers"), ("pl", "DYNAMICS")):
        assert jan.list("ticket", _l_=language)["result"][0]["product_group"]["name"] == name
        own = jan.list(
            "account", {"filters": [{"col": "email", "opr": "eq", "value": "jan@desk.example"}]}, _l_=language
        )
        assert [each["name"] for each in own["result"][0]["product_groups"]] == [name]
        assert jan.list("product_group", _l_=language)["result"][0]["name"] == "DYNAMICS", "the row itself tells all"
