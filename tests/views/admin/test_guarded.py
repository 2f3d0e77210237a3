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

FORM = "//main//form"
EDITED = ("organisations", "product-groups", "mailboxes", "customers", "staff")


def opened(visitor: Visitor, path: str, **values: Any) -> dict[str, Any]:
    return filled_in(visitor.page(path).xpath(FORM)[0], path, values)[2]


@pytest.fixture
def path(app: Flask, people: dict[str, int]) -> str:
    with app.app_context():
        return (
            f"/desk/organisations/edit/{db.session.scalars(select(Organisation.id).order_by(Organisation.id)).first()}"
        )


@pytest.mark.parametrize("grid", EDITED)
def test_a_form_that_nobody_overtook_is_saved(app: Flask, adam: Visitor, people: dict[str, int], grid: str) -> None:
    """What a page shows of a row is what it holds against it later, in every kind of box."""
    row = {"customers": people["anna"], "staff": people["jan"]}.get(grid, 1)
    data = opened(adam, f"/desk/{grid}/edit/{row}")
    assert any(name.startswith("was-") for name in data)
    assert adam.post(f"/desk/{grid}/edit/{row}", data=data).status_code == 303
    again = opened(adam, f"/desk/{grid}/edit/{row}")
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
