"""Programs read tickets, messages, attachments and the journal, each no more than its account may see."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from tests.browsing import Visitor
from tests.views.api.conftest import Program
from tests.views.api.described import REFUSED
from tests.views.statements import counted

PASSWORD = "Zielona-laka-7-koni"
Programs = Callable[..., Program]
RESOURCES = ("ticket", "message", "attachment", "journal")


@pytest.fixture
def jan(desk: None, program: Programs) -> Program:
    return program("jan@desk.example")


def test_signing_in_by_password_gives_a_token_that_reads(app: Flask, make_account: Callable[..., int]) -> None:
    make_account("ola@desk.example", role="consultant", groups=("DYNAMICS",), password=PASSWORD)
    client = app.test_client()
    body = {"username": "ola@desk.example", "password": PASSWORD, "provider": "db", "refresh": True}
    token = client.post("/api/v1/security/login", json=body).json["access_token"]
    assert Program(client, token).list("ticket")["count"] == 0


def test_a_ticket_has_the_promised_columns(jan: Program) -> None:
    shown = jan.get("ticket/1").json["result"]
    assert shown.pop("updated_at").endswith("+00:00")
    assert shown == {
        "id": 1,
        "number": 1001,
        "subject": "Raport DYNAMICS",
        "status": "new",
        "product_group": {"id": 1, "name": "DYNAMICS"},
        "requester": {"id": 1, "name": "Anna Nowak"},
        "organisation": {"id": 1, "name": "Klient"},
        "arrived_at": "2026-03-02T10:00:00+00:00",
        "counts_as_received_at": "2026-03-02T10:00:00+00:00",
        "due_at": None,
        "fields": {},
        "priority": "normal",
        "assignee": None,
        "confidential": False,
        "confirmation": None,
        "terms": [],
    }


@pytest.mark.parametrize(
    ("resource", "columns"),
    [
        ("message", "id ticket author kind text html arrived_at counts_as_received_at"),
        ("attachment", "id message name size content_type"),
        ("journal", "id mailbox message_id outcome reason ticket"),
    ],
)
def test_other_resources_have_the_promised_columns(jan: Program, resource: str, columns: str) -> None:
    assert set(jan.list(resource)["result"][0]) == set(columns.split())


def test_everybody_reads_no_more_than_his_own(desk: None, program: Programs) -> None:
    seen = {
        email: [program(email).list(resource)["count"] for resource in RESOURCES[:3]]
        for email in ("jan@desk.example", "anna@klient.example", "ewa@inny.example", "audyt@desk.example")
    }
    assert seen == {
        "jan@desk.example": [2, 4, 4],
        "anna@klient.example": [1, 1, 1],
        "ewa@inny.example": [2, 2, 2],
        "audyt@desk.example": [3, 6, 6],
    }


def test_the_journal_is_read_by_product_group(desk: None, program: Programs) -> None:
    assert [row["reason"] for row in program("jan@desk.example").list("journal")["result"]] == ["DYNAMICS"]
    assert program("adam@desk.example").list("journal")["count"] == 2
    assert program("anna@klient.example").get("journal/").status_code == 403


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_foreign_row_and_a_missing_row_answer_alike(desk: None, program: Programs, resource: str) -> None:
    jan = program("jan@desk.example")
    foreign = {"ticket": 3, "message": 5, "attachment": 5, "journal": 2}[resource]
    answers = [jan.get(f"{resource}/{pk}") for pk in (foreign, 999999, 2**31, 2**70)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_notes_and_their_files_are_hidden_from_a_customer_at_every_door(desk: None, program: Programs) -> None:
    anna = program("anna@klient.example")
    assert anna.get("message/2").status_code == 404
    assert anna.get("attachment/2").status_code == 404
    assert anna.where("message", "ticket", "rel_o_m", 1) == [1]
    assert anna.where("message", "kind", "eq", "note") == []
    assert anna.where("attachment", "message", "rel_o_m", 2) == []


@pytest.mark.parametrize("resource", RESOURCES)
def test_translators_and_strangers_stay_outside(
    desk: None, program: Programs, browser_of: Callable[[str], Visitor], resource: str
) -> None:
    assert program("tom@desk.example").get(f"{resource}/").status_code == 403
    assert program().get(f"{resource}/").status_code == 401
    assert browser_of("jan@desk.example").get(f"/api/v1/{resource}/").status_code == 401


WRITTEN = {
    ("ticket", "post", ""),
    ("ticket", "put", "1"),
    ("message", "post", ""),
    ("attachment", "post", ""),
    ("journal", "post", ""),
}


@pytest.mark.parametrize("resource", RESOURCES)
def test_nothing_else_can_be_written_or_asked_about_the_inside(jan: Program, resource: str) -> None:
    for method in ("post", "put", "delete", "patch"):
        for path in ("", "1"):
            if (resource, method, path) not in WRITTEN:
                answer = getattr(jan.client, method)(f"/api/v1/{resource}/{path}", json={}, headers=jan.headers)
                assert answer.status_code in (404, 405)
    assert jan.get(f"{resource}/_info").status_code == 404


@pytest.mark.parametrize(
    ("resource", "column", "operator", "value", "ids"),
    [
        ("ticket", "id", "eq", 2, [2]),
        ("ticket", "number", "eq", 1001, [1]),
        ("ticket", "number", "eq", "1001", [1]),
        ("ticket", "number", "eq", 2**80, []),
        ("ticket", "subject", "eq", "Raport DYNAMICS", [1, 2]),
        ("ticket", "subject", "eq", "a\x00b", []),
        ("ticket", "status", "eq", "new", [1, 2]),
        ("ticket", "arrived_at", "gt", "2026-03-02T10:00:00+00:00", [2]),
        ("ticket", "arrived_at", "lt", "2026-03-03T00:00:00Z", [1]),
        ("ticket", "arrived_at", "eq", "2026-03-02T11:00:00+01:00", [1]),
        ("ticket", "product_group", "rel_o_m", 1, [1, 2]),
        ("ticket", "product_group", "rel_o_m", 3, []),
        ("ticket", "requester", "rel_o_m", 2, [2]),
        ("ticket", "organisation", "rel_o_m", 1, [1]),
        ("message", "text", "eq", "Uwaga", [2, 4]),
        ("message", "author", "rel_o_m", 1, [1, 2]),
        ("attachment", "size", "eq", 5, [1, 2, 3, 4]),
        ("attachment", "name", "eq", "raport.txt", [1, 2, 3, 4]),
        ("journal", "outcome", "eq", "rejected", [1]),
        ("journal", "mailbox", "rel_o_m", 1, [1]),
        ("journal", "ticket", "rel_o_m", 1, []),
    ],
)
def test_listed_columns_can_be_filtered(
    jan: Program, resource: str, column: str, operator: str, value: Any, ids: list[int]
) -> None:
    assert jan.where(resource, column, operator, value) == ids


@pytest.mark.parametrize(
    ("column", "operator", "value"),
    [
        ("assignee", "rel_o_m", 1),
        ("requester.password", "sw", "a"),
        ("confidential", "eq", True),
        ("fields", "eq", "x"),
        ("subject", "ct", "R"),
        ("subject", "sw", "R"),
        ("number", "gt", 1),
        ("product_group", "eq", 1),
        ("arrived_at", "eq", "yesterday"),
        ("arrived_at", "gt", "0001-01-01T00:00:00+14:00"),
        ("arrived_at", "gt", 5),
        ("number", "eq", "x"),
        ("number", "eq", True),
        ("subject", "eq", ["a"]),
    ],
)
def test_nothing_else_can_be_filtered(jan: Program, column: str, operator: str, value: Any) -> None:
    answer = jan.get("ticket/", {"filters": [{"col": column, "opr": operator, "value": value}]})
    assert answer.status_code == 400
    assert set(answer.json) == REFUSED


@pytest.mark.parametrize("value", ["\x00", "\ud800"])
def test_text_that_no_database_holds_finds_nothing(jan: Program, value: str) -> None:
    q = json.dumps({"filters": [{"col": "status", "opr": "eq", "value": value}]})
    answer = jan.client.get("/api/v1/ticket/", query_string={"q": q}, headers=jan.headers)
    assert (answer.status_code, answer.json["ids"]) == (200, [])


@pytest.mark.parametrize(
    "q",
    [
        "(filters:!(",
        "!!!",
        "'",
        "(" * 3000,
        "[" * 100_000,
        "5",
        "!(1)",
        "(filters:5)",
        "(filters:!(5))",
        "(page:-1)",
        "(page:x)",
        "(page:!t)",
        "(page_size:0)",
        "(page_size:-2)",
        "(page:100,page_size:100)",
        "(page:99999999999999999999)",
        "(order_column:subject)",
        "(order_column:requester.password)",
        "(order_column:!(a))",
        "(order_column:'')",
        "(order_column:!n)",
        "(order_direction:up)",
        "(order_direction:!n)",
        '{"page": 0, "page": 1}',
        "(after:x)",
        "(after:'1~x')",
        "(after:'99999999999999999999~1')",
        "(after:5)",
        "(columns:!(password))",
        "(columns:x)",
        "(columns:!n)",
        "(columns:())",
        "\x00",
    ],
)
def test_what_cannot_be_understood_is_told_in_a_sentence(jan: Program, q: str) -> None:
    answer = jan.client.get("/api/v1/ticket/", query_string={"q": q, "_l_": "pl"}, headers=jan.headers)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text
    assert answer.json["message"]


def test_a_parameter_that_stands_twice_is_refused_by_its_name(jan: Program) -> None:
    """Two readers would take different ones."""
    for doubled in ("q=()&q=(page:1)", "after=a~1&after=b~1"):
        answer = jan.client.get(f"/api/v1/ticket/?_l_=en&{doubled}", headers=jan.headers)
        assert answer.status_code == 400
        assert answer.json["detail"] == f"The parameter {doubled.partition('=')[0]} may stand once."


def test_pages_by_number_and_by_cursor_meet_every_row_once(jan: Program) -> None:
    first = jan.list("ticket", {"page_size": 1, "order_column": "arrived_at", "order_direction": "desc"})
    assert (first["ids"], first["count"], first["count_capped"]) == ([2], 2, False)
    rest = jan.list(
        "ticket", {"page_size": 1, "order_column": "arrived_at", "order_direction": "desc"}, after=first["next"]
    )
    assert (rest["ids"], rest["next"]) == ([1], None)
    by_number = jan.list("ticket", {"page_size": 1, "page": 1, "order_column": "arrived_at", "order_direction": "desc"})
    assert by_number["ids"] == [1]
    assert jan.list("ticket", {"page": 50})["count"] == 2


def test_columns_can_be_chosen(jan: Program) -> None:
    assert jan.list("ticket", {"columns": ["id", "number"], "page_size": 1})["result"] == [{"id": 1, "number": 1001}]


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_costs_five_statements(app: Flask, jan: Program, resource: str) -> None:
    with counted(app) as sent:
        jan.list(resource)
    assert len(sent) <= 5, sent


def test_a_token_ends_with_its_account(app: Flask, jan: Program) -> None:
    with app.app_context(), transaction():
        db.session.query(Account).filter(Account.email == "jan@desk.example").one().active = False
    assert jan.get("ticket/").status_code == 401


def test_the_description_tells_each_what_he_may_do(desk: None, program: Programs) -> None:
    every, jans = (program(f"{name}@desk.example").get("_openapi").json["paths"] for name in ("adam", "jan"))
    for resource in RESOURCES:
        written = {"post"} if (resource, "post", "") in WRITTEN else set()
        assert set(every[f"/api/v1/{resource}/"]) == {"get"} | written
        assert {"get"} <= set(jans[f"/api/v1/{resource}/"]) <= {"get"} | written  # what he may do
    annas = program("anna@klient.example").get("_openapi").json["paths"]
    assert set(annas["/api/v1/ticket/"]) == {"get", "post"}
    assert "/api/v1/journal/" not in annas
    assert program().get("_openapi").status_code == 401
