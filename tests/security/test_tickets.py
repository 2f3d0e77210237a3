"""Attack cases O01-O03, O11-O14: another company's ticket, changed or moved by id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models.account import Account
from app.models.ticket import Ticket
from app.views.api.acts import ACTS
from tests.security.conftest import A1, ALICE, ANNA_OF_ALPHA, B1, BETA, BOB, CECIL, NOWHERE, TOM, Caller, alike

Callers = Callable[[str], Caller]
PAGES = ("", "/edit", "/receipt/3", "/receipt/3/pdf")
POSTS = ("reply", "close", "reopen", "accept", "let-in", "show-out", "confidential", "delete")
DESK_POSTS = (
    *("reply", "note", "assign", "priority", "move", "resolve", "close", "reopen", "transfer", "let-in"),
    *("move-message", "put-back"),
)


def number(ticket_id: int) -> int:
    return 1000 + ticket_id if ticket_id != NOWHERE else NOWHERE


def test_o01_a_foreign_ticket_by_cookie(alice: Caller) -> None:
    for path in PAGES:
        alike([alice.page("get", f"/tickets/{number(row)}{path}") for row in (B1, NOWHERE)])
    for act in POSTS:
        data = {"text": "x", "email": "x@alpha.example", "account": "1", "confidential": "1"}
        alike([alice.page("post", f"/tickets/{number(row)}/{act}", data=data) for row in (B1, NOWHERE)])


def test_o01_a_foreign_ticket_by_token(alice: Caller) -> None:
    alike([alice.api("get", f"ticket/{row}") for row in (B1, NOWHERE)])
    alike([alice.api("put", f"ticket/{row}", json={"subject": "x"}) for row in (B1, NOWHERE)])
    alike([alice.api("delete", f"ticket/{row}") for row in (B1, NOWHERE)], 405)


BODIES: dict[str, dict[str, Any]] = {
    "assign": {"assignee": None},
    "priority": {"priority": "low"},
    "move": {"status": "open"},
    "merge": {"into": A1},
    "split": {"message": 4, "subject": "x"},
    "move-message": {"message": 4, "into": A1},
    "put-back": {"message": 4},
    "link": {"other": A1, "kind": "parent"},
    "unlink": {"other": A1, "kind": "parent"},
    "let-in": {"email": ALICE},
    "leave-out": {"email": ALICE},
    "show-out": {"account": 1},
    "confidential": {"confidential": True},
}


@pytest.mark.parametrize("act", ACTS)
def test_o02_an_act_on_a_foreign_ticket(alice: Caller, caller: Callers, act: str) -> None:
    answers = [alice.api("post", f"ticket/{row}/{act}", json=BODIES.get(act, {})) for row in (B1, NOWHERE)]
    assert answers[0].status_code in (404, 422)
    alike(answers, answers[0].status_code)


def test_o02_the_desks_buttons_are_not_a_customers(alice: Caller) -> None:
    for act in DESK_POSTS:
        assert alice.page("post", f"/desk/tickets/{number(A1)}/{act}", data={"text": "x"}).status_code in (403, 404)


def test_o02_a_consultant_of_another_product_group(companies: Flask, caller: Callers) -> None:
    cecil = caller(CECIL)
    data = {"text": "x", "note-text": "x", "assignee": "", "priority": "low", "state": "open", "email": ALICE}
    for act in DESK_POSTS:
        answers = [cecil.page("post", f"/desk/tickets/{number(row)}/{act}", data=data) for row in (A1, NOWHERE)]
        alike(answers, answers[0].status_code)
    assert status_of(companies, A1) == "new"


def test_o03_many_foreign_tickets_at_once(companies: Flask, alice: Caller, caller: Callers) -> None:
    data = {"number": [number(B1)], "act": "close", "ids": number(B1)}
    assert alice.page("post", "/desk/tickets/many", data=data).status_code == 403
    cecil = caller(CECIL)
    cecil.page("post", "/desk/tickets/many", data={**data, "number": [number(A1), NOWHERE]})
    assert status_of(companies, A1) == "new"


def test_o02_o03_o04_flask_appbuilders_own_routes_are_not_there(companies: Flask) -> None:
    rules = [rule.rule for rule in companies.url_map.iter_rules()]
    assert [rule for rule in rules if "/action" in rule or ("/download" in rule and "fab" in rule)] == []
    assert [rule for rule in rules if rule.endswith(("/_info", "/api/read", "/api/create"))] == []


def status_of(app: Flask, ticket_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Ticket, ticket_id).status


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Ticket.id))) or 0


def test_o11_a_ticket_for_another_company_by_token(companies: Flask, alice: Caller) -> None:
    new = {"subject": "x", "text": "x", "product_group": 1}
    for key, foreign in (("organisation", BETA), ("requester", 3), ("requester", 2)):
        alike([alice.api("post", "ticket/", json={**new, key: row}) for row in (foreign, NOWHERE)])
    assert count(companies) == 3


def test_o11_a_ticket_for_another_company_by_cookie(companies: Flask, alice: Caller) -> None:
    data = {
        "subject": "x",
        "text": "x",
        "priority": "low",
        "organisation": BETA,
        "requester": 3,
        "organisation_id": BETA,
    }
    alice.page("post", "/tickets/new?group=1", data=data)
    with companies.app_context():
        made = db.session.get(Ticket, 4)
        assert made is None or (made.organisation.name, made.requester.email) == ("Alpha", ALICE)


@pytest.mark.parametrize(
    "change", [{"organisation": BETA}, {"requester": 3}, {"customer": 3}, {"product_group": 3}, {"queue": 1}]
)
def test_o12_a_ticket_is_not_moved_by_its_keys(alice: Caller, change: dict[str, int]) -> None:
    before = alice.api("get", f"ticket/{A1}").json
    answer = alice.api("put", f"ticket/{A1}", json={"subject": "Nowy", **change})
    assert (answer.status_code, set(answer.json["errors"])) == (422, set(change))
    assert alice.api("get", f"ticket/{A1}").json == before


EXTRA: dict[str, Any] = {
    "id": 77,
    "number": 7,
    "created_by": 1,
    "internal": True,
    "is_admin": True,
    "roles": ["administrator"],
    "organisation_id": BETA,
    "assignee": 4,
    "status": "closed",
    "arrived_at": "2020-01-01T00:00:00Z",
    "counts_as_received_at": "2020-01-01T00:00:00Z",
    "fs_uniquifier": "x",
}


@pytest.mark.parametrize("key", EXTRA)
def test_o13_extra_keys_by_token(companies: Flask, alice: Caller, key: str) -> None:
    new = {"subject": "x", "text": "x", "product_group": 1}
    for answer in (
        alice.api("post", "ticket/", json={**new, key: EXTRA[key]}),
        alice.api("put", f"ticket/{A1}", json={key: EXTRA[key]}),
        alice.api("put", "account/1", json={key: EXTRA[key]}),
    ):
        assert (answer.status_code, set(answer.json["errors"])) == (422, {key})
    assert count(companies) == 3


def test_o13_extra_fields_by_cookie(companies: Flask, alice: Caller) -> None:
    extra = {name: str(value) for name, value in EXTRA.items()}
    alice.page("post", "/tickets/new?group=1", data={"subject": "x", "text": "x", "priority": "low", **extra})
    fields = {"first_name": "A", "locale": "pl", "email": BOB, "active": "", "memberships": "ZQXBETA", **extra}
    alice.page("post", "/profile/", data=fields)
    with companies.app_context():
        made = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
        assert (made.id, made.number, made.status, made.assignee, made.organisation.name) == (
            4,
            1004,
            "new",
            None,
            "Alpha",
        )
        me = db.session.get_one(Account, 1)
        assert (me.email, me.active, me.role_kinds) == (ALICE, True, {"customer"})
        assert [place.organisation.name for place in me.memberships] == ["Alpha"]


def test_o14_no_second_ticket_is_reached_through_ones_own(alice: Caller, caller: Callers) -> None:
    cecil = caller(CECIL)
    for act, key in (("merge", "into"), ("link", "other"), ("unlink", "other")):
        kind = {} if act == "merge" else {"kind": "parent"}
        alike([cecil.api("post", f"ticket/{B1}/{act}", json={key: row, **kind}) for row in (A1, NOWHERE)])
        assert alice.api("post", f"ticket/{A1}/{act}", json={key: B1, **kind}).status_code == 403


def test_a_colleague_who_sees_his_own_only_and_who_translates(caller: Callers) -> None:
    anna, tom = caller(ANNA_OF_ALPHA), caller(TOM)
    alike([anna.api("get", f"ticket/{row}") for row in (A1, NOWHERE)])
    alike([anna.page("get", f"/tickets/{number(row)}") for row in (A1, NOWHERE)])
    assert {tom.page("get", path).status_code for path in ("/tickets/", f"/tickets/{number(A1)}")} == {403}
    assert tom.page("get", "/desk/tickets/list/").status_code == 403
