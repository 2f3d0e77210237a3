"""Consultants see, answer or manage, each by product group."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.account import Account
from app.models.product_group import Assignment, ProductGroup
from app.models.ticket import Ticket
from tests.access.conftest import account
from tests.access.test_every_door import Browser, bearer, numbers_on, status
from tests.browsing import Visitor
from tests.people import group_named

SEES, ANSWERS, MANAGES = "widzi@pomoc.example", "jan@pomoc.example", "kieruje@pomoc.example"


def forms_of(browser: Visitor, number: int) -> set[str]:
    """The acts on the ticket that its page offers."""
    actions = browser.page(f"/desk/tickets/{number}").xpath("//main//form/@action")
    return {action.rpartition("/")[2] for action in actions if action.startswith("/desk/tickets/")}


def test_the_page_offers_what_the_level_allows(everybody: Flask, browser_of: Browser) -> None:
    assert forms_of(browser_of(SEES), 1001) == {"watch"}
    answering, managing = forms_of(browser_of(ANSWERS), 1001), forms_of(browser_of(MANAGES), 1003)
    assert {"reply", "note", "assign", "let-in", "confidential"} <= answering
    assert managing - answering == {"transfer"}


def test_who_only_sees_changes_nothing_by_any_door(everybody: Flask, browser_of: Browser) -> None:
    browser = browser_of(SEES)
    token = browser.page("/profile/").xpath("//input[@name='csrf_token']/@value")[0]
    for act in (
        "reply",
        "note",
        "assign",
        "priority",
        "move",
        "resolve",
        "close",
        "let-in",
        "confidential",
        "transfer",
    ):
        data = {"csrf_token": token, "text": "x", "note-text": "x", "email": "a@b.example", "priority": "low"}
        data |= {"assignee": "me", "state": "open", "product_group": "2"}
        assert browser.post(f"/desk/tickets/1001/{act}", data=data).status_code == 404, act
    client, headers = everybody.test_client(), bearer(everybody, SEES)
    assert client.put("/api/v1/ticket/1", json={"subject": "x"}, headers=headers).status_code == 403
    assert client.post("/api/v1/message/", json={"ticket": 1, "text": "x"}, headers=headers).status_code == 403


def test_nobody_assigns_to_who_only_sees(everybody: Flask, browser_of: Browser) -> None:
    with everybody.app_context():
        sees = str(account(SEES).id)
    browser = browser_of(ANSWERS)
    page = browser.page("/desk/tickets/1001")
    assert not page.xpath(f"//select[@id='assignee']/option[@value='{sees}']")


def test_a_manager_moves_a_ticket_and_it_leaves_his_sight(everybody: Flask, browser_of: Browser) -> None:
    with everybody.app_context():
        dynamics = str(group_named("DYNAMICS").id)
    browser, form = browser_of(MANAGES), "//form[@action='/desk/tickets/1003/transfer']"
    answer = browser.submit("/desk/tickets/1003", {"product_group": dynamics}, form=form)
    assert answer.request.path == "/desk/tickets/list/"
    assert status(browser, "/desk/tickets/1003") == 404
    assert "DYNAMICS" in browser_of(ANSWERS).get("/desk/tickets/1003").text
    headers = bearer(everybody, "adam@pomoc.example")
    path, group = "/api/v1/ticket/3/transfer", int(dynamics) + 1
    answer = everybody.test_client().post(path, json={"product_group": group}, headers=headers)
    assert answer.json["result"]["product_group"]["id"] == group
    assert everybody.test_client().post(path, json={"product_group": 99}, headers=headers).status_code == 404


def test_an_assignee_who_does_not_answer_there_loses_it(everybody: Flask, change: Callable[..., None]) -> None:
    def give() -> None:
        db.session.get_one(Ticket, 3).assignee = account("iga@pomoc.example")

    change(give)
    headers = bearer(everybody, "adam@pomoc.example")
    everybody.test_client().post("/api/v1/ticket/3/transfer", json={"product_group": 1}, headers=headers)
    with everybody.app_context():
        assert db.session.get_one(Ticket, 3).assignee is None


def test_a_manager_changes_his_product_group_and_who_answers_for_it(everybody: Flask, browser_of: Browser) -> None:
    with everybody.app_context():
        targit, dynamics = group_named("TARGIT").id, group_named("DYNAMICS").id
        new, manager = account("wolny@pomoc.example").id, account(MANAGES).id
    browser = browser_of(MANAGES)
    assert "TARGIT" in browser.get("/desk/product-groups/list/").text
    assert "DYNAMICS" not in browser.page("/desk/product-groups/list/").xpath("//main")[0].text_content()
    assert status(browser, f"/desk/product-groups/edit/{dynamics}") == 404
    levels = [f"{new}:answer", f"{manager}:manage"]
    browser.submit(f"/desk/product-groups/edit/{targit}", {"name": "TARGIT 2", "assignments": levels})
    with everybody.app_context():
        assert db.session.get_one(ProductGroup, targit).name == "TARGIT 2"
        query = select(Account.email, Assignment.level).join(Assignment.account)
        found = dict(db.session.execute(query.where(Assignment.product_group_id == targit)).all())
        assert found == {"wolny@pomoc.example": "answer", MANAGES: "manage"}
    assert numbers_on(browser_of("wolny@pomoc.example").get("/desk/tickets/list/").text) == {1003, 1005}
    assert numbers_on(browser_of("iga@pomoc.example").get("/desk/tickets/list/").text) == set()


def test_others_do_not(everybody: Flask, browser_of: Browser) -> None:
    with everybody.app_context():
        dynamics = group_named("DYNAMICS").id
    browser = browser_of(ANSWERS)
    assert status(browser, f"/desk/product-groups/edit/{dynamics}") == 404
    assert not browser.page("/desk/").xpath("//a[@href='/desk/product-groups/list/']")


def test_the_staff_page_shows_and_sets_levels(everybody: Flask, browser_of: Browser) -> None:
    with everybody.app_context():
        row, dynamics = account("wolny@pomoc.example").id, group_named("DYNAMICS").id
    browser = browser_of("adam@pomoc.example")
    browser.submit(f"/desk/staff/edit/{row}", {"assignments": [f"{dynamics}:see"]})
    assert "DYNAMICS (widzi)" in browser.get(f"/desk/staff/show/{row}").text
    assert "Wybierz" in browser.submit(f"/desk/staff/edit/{row}", {"assignments": [f"{dynamics}:own"]}).text
    assert numbers_on(browser_of("wolny@pomoc.example").get("/desk/tickets/list/").text) == {1001, 1002, 1004}
