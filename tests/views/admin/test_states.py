"""An administrator keeps states and moves; pages, bulk and API follow at once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk import tickets
from app.desk.content import Contribution
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.audit import AuditEntry
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, State, StateMove, Ticket
from tests.browsing import Visitor, text_of
from tests.views.admin.conftest import Browser

NEW = {"name_pl": "U prawników", "name_en": "With our lawyers", "kind": "open"}


@pytest.fixture
def number(app: Flask, people: dict[str, int]) -> int:
    with app.app_context(), transaction():
        anna = db.session.get_one(Account, people["anna"])
        group = db.session.scalars(select(ProductGroup).where(ProductGroup.name == "DYNAMICS")).one()
        words = Contribution(text="Nic.", channel=Channel.PORTAL)
        return tickets.open_ticket(
            requester=anna, product_group=group, subject="Raport", contribution=words, by=anna
        ).number


def status(app: Flask, number: int) -> str:
    with app.app_context():
        return str(db.session.scalar(select(Ticket.status).where(Ticket.number == number)))


def test_a_state_is_added_and_used_at_once(app: Flask, adam: Visitor, jan: Visitor, number: int) -> None:
    assert "U prawników" in adam.submit("/desk/states/add", NEW).text
    form = f"//form[@action='/desk/tickets/{number}/move']"
    jan.submit(f"/desk/tickets/{number}", {"state": "with_our_lawyers"}, form=form)
    assert status(app, number) == "with_our_lawyers"
    assert "U prawników" in text_of(jan.page("/desk/tickets/list/?state=with_our_lawyers"))
    with app.app_context():
        assert db.session.scalar(select(AuditEntry).where(AuditEntry.about == "With our lawyers")) is not None


def test_a_move_that_is_taken_away_loses_its_button_and_its_act(
    app: Flask, adam: Visitor, jan: Visitor, browser_of: Browser, number: int
) -> None:
    adam.submit("/desk/states/new", {"move": ["open consultant", "no such thing", "closed nobody"]})
    with app.app_context():
        moves = db.session.scalars(select(StateMove).where(StateMove.from_code == "new")).all()
        assert [(move.to_code, move.who) for move in moves] == [("open", "consultant")]
    anna, page = browser_of("anna@klient.example"), jan.page(f"/desk/tickets/{number}")
    assert [option.get("value") for option in page.xpath("//select[@name='state']/option")] == ["new", "open"]
    assert not page.xpath(f"//form[@action='/desk/tickets/{number}/close']")
    assert not anna.page(f"/tickets/{number}").xpath(f"//form[@action='/tickets/{number}/close']")
    for visitor, path in ((jan, f"/desk/tickets/{number}"), (anna, f"/tickets/{number}")):
        token = visitor.page(path).xpath("//input[@name='csrf_token']/@value")[0]
        said = visitor.post(f"{path}/close", data={"csrf_token": token}, follow_redirects=True).text
        assert "„Nowe”" in said
        assert status(app, number) == "new"


def test_many_tickets_move_together(app: Flask, jan: Visitor, number: int) -> None:
    values = {"number": [str(number)], "state": "waiting_third_party", "act": "move"}
    jan.submit("/desk/tickets/list/", values, form="//form[@action='/desk/tickets/many']")
    assert status(app, number) == "waiting_third_party"


@pytest.mark.parametrize(
    ("path", "values", "said"),
    [
        ("/desk/states/add", {"name_pl": "", "name_en": "X"}, "Wypełnij to pole."),
        ("/desk/states/add", NEW | {"name_en": "closed"}, "Inny stan"),
        ("/desk/states/closed", {"active": None}, "ostatni czynny stan"),
    ],
)
def test_bad_input_is_told_and_nothing_typed_is_lost(
    app: Flask, adam: Visitor, path: str, values: dict[str, str | None], said: str
) -> None:
    answer = adam.submit(path, values)
    assert said in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(State)).all()) == 7
        assert all(state.active for state in db.session.scalars(select(State)))


def test_only_administrators_change_states(jan: Visitor, browser_of: Browser, people: dict[str, int]) -> None:
    assert jan.get("/desk/states/").status_code == 403
    auditor = browser_of("audyt@desk.example")
    assert not auditor.page("/desk/states/").xpath("//main//a[contains(@href, '/desk/states/')]")
    assert auditor.get("/desk/states/new").status_code == 403


def test_a_state_that_is_not_there(adam: Visitor) -> None:
    assert adam.get("/desk/states/nie-ma").status_code == 404
