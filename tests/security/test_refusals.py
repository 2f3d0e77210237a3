"""Oracle R9: what was refused to somebody is written down, once in a while; R5, R6: nothing else follows from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.audit import AuditEntry
from app.models.event import OutboxItem
from tests.browsing import Visitor
from tests.security.conftest import A1, ALICE, B1, CECIL, NOWHERE, ROOT, Caller
from tests.views.statements import counted

Callers = Callable[[str], Caller]


def told(app: Flask) -> list[tuple[str, str, str, str | None]]:
    """Who, what, how he came in and from where, of every refusal."""
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "refused").order_by(AuditEntry.id))
        return [(row.who, row.about, row.via, row.address) for row in rows]


def test_a_foreign_row_and_a_forbidden_act_are_written_down(companies: Flask, alice: Caller, caller: Callers) -> None:
    alice.page("get", f"/tickets/{1000 + B1}")
    alice.api("put", f"ticket/{B1}", json={"subject": "x"})
    alice.api("post", f"ticket/{A1}/resolve", json={})
    caller(CECIL).page("post", f"/desk/tickets/{1000 + A1}/note", data={"note-text": "x"})
    here = "127.0.0.1"
    assert told(companies) == [
        (ALICE, f"GET /tickets/{1000 + B1}", "browser", here),
        (ALICE, f"PUT /api/v1/ticket/{B1}", "token", here),
        (ALICE, f"POST /api/v1/ticket/{A1}/resolve", "token", here),
        (CECIL, f"POST /desk/tickets/{1000 + A1}/note", "browser", here),
    ]
    page = caller(ROOT).page("get", "/desk/audit/list/?kind=refused").text
    assert f"PUT /api/v1/ticket/{B1}" in page


def test_who_tries_again_and_again_does_not_flood_the_log(companies: Flask, alice: Caller) -> None:
    for _again in range(3):
        alice.api("get", f"ticket/{B1}")
    assert len(told(companies)) == 1
    for row in range(NOWHERE, NOWHERE + 100):
        alice.api("get", f"ticket/{row}")
    assert len(told(companies)) == 60


def test_nothing_is_written_down_of_strangers_and_of_addresses_without_a_row(
    companies: Flask, alice: Caller, client: Visitor
) -> None:
    client.get(f"/tickets/{1000 + B1}")
    client.get(f"/api/v1/ticket/{B1}")
    alice.page("get", "/gdzies")
    assert told(companies) == []


@pytest.mark.parametrize("path", [f"/tickets/{1000 + B1}/reply", f"/tickets/{1000 + B1}/close"])
def test_no_letter_follows_from_what_was_refused(companies: Flask, alice: Caller, path: str) -> None:
    """Oracle R6; that Beta's rows are the same before and after, R5, is asked by the fixture."""
    with companies.app_context():
        before = list(db.session.scalars(select(OutboxItem.id)))
    alice.page("post", path, data={"text": "x"})
    alice.api("post", "message/", json={"ticket": B1, "text": "x"})
    with companies.app_context():
        assert list(db.session.scalars(select(OutboxItem.id))) == before


def test_the_refusal_of_a_foreign_row_costs_what_that_of_no_row_costs(companies: Flask, alice: Caller) -> None:
    """Oracle R4, counted in statements, since a clock on a busy machine proves nothing."""
    for path in ("ticket", "message", "attachment", "organisation", "account"):
        foreign = 3 if path in ("message", "attachment", "account") else 2 if path == "organisation" else B1
        alice.api("get", f"{path}/{NOWHERE}")  # what is remembered is remembered from here on
        costs = []
        for row in (foreign, NOWHERE + 1):
            with counted(companies) as sent:
                alice.api("get", f"{path}/{row}")
            costs.append(len(sent))
        assert costs[0] == costs[1], path
