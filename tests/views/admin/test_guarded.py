"""Two people have the same form of a row open: what only one changes stays, what both change the second decides."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import func, select

from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.organisation import Organisation
from tests.browsing import Visitor, filled_in, text_of
from tests.views.admin.conftest import Browser

FORM = "//main//form[.//input[starts-with(@name, 'was-')]]"
EDITED = ("organisations", "product-groups", "mailboxes", "customers", "staff", "calendars")
OTHERS = (
    *("/desk/states/new", "/desk/roles/consultant", "/desk/telephone/", "/desk/look/", "/desk/registration/"),
    "/desk/ends/",
)


def opened(visitor: Visitor, path: str, **values: Any) -> dict[str, Any]:
    return filled_in(visitor.page(path).xpath(FORM)[0], path, values)[2]


@pytest.fixture
def path(app: Flask, people: dict[str, int]) -> str:
    with app.app_context():
        return (
            f"/desk/organisations/edit/{db.session.scalars(select(Organisation.id).order_by(Organisation.id)).first()}"
        )


@pytest.mark.parametrize("form", [*EDITED, *OTHERS])
def test_a_form_that_nobody_overtook_is_saved(app: Flask, adam: Visitor, people: dict[str, int], form: str) -> None:
    """What a page shows of a row is what it holds against it later, in every kind of box."""
    row = {"customers": people["anna"], "staff": people["jan"]}.get(form, 1)
    path = form if form in OTHERS else f"/desk/{form}/edit/{row}"
    data = opened(adam, path)
    assert any(name.startswith("was-") for name in data)
    assert adam.post(path, data=data).status_code == 303
    again = opened(adam, path)
    assert again | {"csrf_token": data["csrf_token"]} == data  # which tells the second


def test_what_only_one_changed_stays(app: Flask, adam: Visitor, path: str) -> None:
    mine = opened(adam, path, name="Klient S.A.")
    adam.submit(path, {"domains": "nowa.example"})
    assert adam.post(path, data=mine).status_code == 303
    found = opened(adam, path)
    assert (found["name"], found["domains"][0].strip()) == (["Klient S.A."], "nowa.example")


def test_what_both_changed_is_shown_and_decided_by_the_second(adam: Visitor, path: str) -> None:
    first, second = opened(adam, path, name="Moja nazwa"), opened(adam, path, name="Inna nazwa")
    assert adam.post(path, data=second).status_code == 303
    stopped = adam.post(path, data=first)
    assert stopped.status_code == 409
    page = html.fromstring(stopped.text)
    assert "Ktoś inny zapisał w tym czasie: Inna nazwa" in text_of(page)
    assert page.xpath("//input[@name='name']/@value") == ["Moja nazwa"]
    assert opened(adam, path)["name"] == ["Inna nazwa"], "nothing is saved yet"
    form = page.xpath(FORM)[0]
    assert adam.send(form, path, {"theirs-name": "1"}).status_code == 200
    assert opened(adam, path)["name"] == ["Inna nazwa"]
    assert adam.send(form, path, {}).status_code == 200
    assert opened(adam, path)["name"] == ["Moja nazwa"]


def test_a_mistake_does_not_forget_what_was_shown(adam: Visitor, path: str) -> None:
    mine = opened(adam, path, name="")
    adam.submit(path, {"name": "Inna nazwa"})
    stopped = adam.post(path, data=mine)
    assert stopped.status_code == 409
    mine = opened(adam, path, name="Moja", domains="nie domena")
    wrong = adam.post(path, data=mine)
    form = html.fromstring(wrong.text).xpath(FORM)[0]
    adam.submit(path, {"name": "Trzecia"})
    assert adam.post(path, data=filled_in(form, path, {"domains": ""})[2]).status_code == 409


def test_choices_and_ticks_are_told_by_their_words(
    app: Flask, adam: Visitor, browser_of: Browser, people: dict[str, int]
) -> None:
    path = f"/desk/customers/edit/{people['anna']}"
    mine = opened(adam, path, locale="en", last_name="Zielona")
    with app.app_context(), transaction():
        account = db.session.get_one(Account, people["anna"])
        account.locale, account.active = "pl", False
    assert adam.post(path, data=mine).status_code == 303, "only one of them touched each"
    with app.app_context():
        account = db.session.get_one(Account, people["anna"])
        assert (account.locale, account.last_name, account.active) == ("en", "Zielona", False)
    mine = opened(adam, path, locale="pl", active="y")
    with app.app_context(), transaction():
        db.session.get_one(Account, people["anna"]).last_name = "Czarna"
    assert adam.post(path, data=mine).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Account.last_name == "Czarna", Account.active)) == 1


def test_of_many_boxes_each_is_one_of_its_own(app: Flask, adam: Visitor) -> None:
    """Two change what leads out of a state, two what a role may do: all of it holds."""
    path = "/desk/states/new"
    before = opened(adam, path)["move"]
    mine = opened(adam, path, move=[each for each in before if each != "closed consultant"])
    theirs = opened(adam, path, move=[*before, "open customer"], position="77")
    assert adam.post(path, data=theirs).status_code == 303
    assert adam.post(path, data=mine).status_code == 303
    after = opened(adam, path)
    assert set(after["move"]) == {*before, "open customer"} - {"closed consultant"}
    assert after["position"] == ["77"]
    path = "/desk/roles/consultant"
    before = opened(adam, path)["ability"]
    first, second = opened(adam, path, ability=before[1:]), opened(adam, path, ability=before[:-1])
    assert adam.post(path, data=second).status_code == 303
    assert adam.post(path, data=first).status_code == 303
    assert set(opened(adam, path).get("ability", ())) == set(before[1:-1])


def test_settings_that_both_changed_are_decided_by_the_second(adam: Visitor) -> None:
    for path, box, mine, theirs in (
        ("/desk/calendars/edit/1", "friday", "08:00-12:00", "09:00-13:00"),
        ("/desk/states/new", "name_pl", "Nowiutki", "Świeży"),
        ("/desk/telephone/", "confirm_days", "4", "5"),
        ("/desk/look/", "name", "Pomoc", "Wsparcie"),
        ("/desk/ends/", "remind_days", "2", "3"),
    ):
        first, second = opened(adam, path, **{box: mine}), opened(adam, path, **{box: theirs})
        assert adam.post(path, data=second).status_code == 303
        stopped = adam.post(path, data=first)
        assert stopped.status_code == 409
        page = html.fromstring(stopped.text)
        assert f"Ktoś inny zapisał w tym czasie: {theirs}" in text_of(page)
        assert opened(adam, path)[box] == [theirs]
        assert adam.send(page.xpath(FORM)[0], path, {}).status_code == 200
        assert opened(adam, path)[box] == [mine]
