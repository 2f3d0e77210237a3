"""Whatever a body holds, the answer is a sentence about it and never an error of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models.ticket import Ticket
from tests.views.api.conftest import Program
from tests.views.api.described import REFUSED

NEW = {"subject": "Raport", "text": "Opis", "product_group": 1}
JSON = "application/json"


@pytest.fixture
def anna(desk: None, program: Callable[..., Program]) -> Program:
    return program("anna@klient.example")


def tickets(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Ticket.id))) or 0


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"\xff\xfe",
        b"\x00",
        b"[]",
        b"5",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"product_group": NaN}',
        b'{"product_group": -Infinity}',
        b'{"product_group": Infinity}',
        b'{"product_group": ' + b"9" * 5000 + b"}",
        b'{"subject": "a", "subject": "b"}',
        b"\xef\xbb\xbf{}",
        json.dumps(NEW).encode("utf-16"),
    ],
)
def test_what_is_no_object_in_json(app: Flask, anna: Program, body: bytes) -> None:
    answer = anna.post("ticket/", data=body, content_type=JSON)
    assert answer.status_code == 400
    assert set(answer.json) == REFUSED
    assert tickets(app) == 3


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "text/json", "", None])
def test_only_json_is_taken(app: Flask, anna: Program, content_type: str | None) -> None:
    """Attack case O40: what a foreign page could send is refused before it is read."""
    for path in ("ticket/", "message/", "attachment/", "ticket/1/close"):
        answer = anna.post(path, data=json.dumps(NEW), content_type=content_type)
        assert answer.status_code == 415
        assert set(answer.json) == REFUSED
    assert anna.post("ticket/", data=json.dumps(NEW), content_type=f"{JSON}; charset=utf-8").status_code == 201
    assert tickets(app) == 4


def test_a_whole_number_may_be_written_with_a_point(anna: Program) -> None:
    """Of JSON Schema, and so of the description, 1.0 is an integer (2020-12 Validation, section 6.1.1)."""
    assert anna.post("ticket/", NEW | {"product_group": 1.0}).json["result"]["product_group"]["id"] == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("subject", None),
        ("subject", 5),
        ("subject", ["a"]),
        ("subject", {"a": 1}),
        ("subject", "a\x00b"),
        ("subject", "a\ud800b"),
        ("subject", "a\nBcc: x@example.com"),
        ("subject", "a\x1bb"),
        ("subject", "x" * 501),
        ("subject", " "),
        ("text", "a\x00b"),
        ("text", "\udfff"),
        ("text", "x" * 200_001),
        ("text", False),
        ("product_group", "1"),
        ("product_group", 1.5),
        ("product_group", True),
        ("product_group", None),
        ("product_group", [1]),
        ("priority", "huge"),
        ("priority", 1),
        ("priority", "HIGH"),
        ("requester", "anna"),
        ("files", "a"),
        ("files", [1]),
        ("files", {"name": "a", "content": ""}),
        ("files", [{"name": "a.txt"}]),
        ("files", [{"name": "", "content": ""}]),
        ("files", [{"name": "a.txt", "content": "?"}]),
        ("files", [{"name": "a.txt", "content": "ąć"}]),
        ("files", [{"name": "a.txt", "content": 5}]),
        ("files", [{"name": "a.txt", "content": "", "path": "/etc"}]),
        ("files", [{"name": "a.txt", "content": ""}] * 21),
    ],
)
def test_a_value_of_a_wrong_kind_is_named(app: Flask, anna: Program, key: str, value: Any) -> None:
    answer = anna.post("ticket/", NEW | {key: value}, headers={"Accept-Language": "pl"})
    assert answer.status_code == 422, answer.text
    if value != " ":  # a rule of the desk, which has its own sentence
        assert {name.partition(".")[0] for name in answer.json["errors"]} == {key}
    assert tickets(app) == 3


def test_a_number_beyond_all_numbers(anna: Program) -> None:
    body = json.dumps(NEW).replace(": 1", ": 1e400")
    answer = anna.post("ticket/", data=body, content_type=JSON)
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"product_group"})


def test_what_is_needed_is_named(anna: Program) -> None:
    answer = anna.post("ticket/", {})
    assert set(answer.json["errors"]) == {"subject", "product_group"}
    assert anna.post("ticket/", {"subject": "x", "product_group": 1}).status_code == 422


def test_odd_keys_are_named_in_short(anna: Program) -> None:
    odd = {"\ud800": 1, "x" * 5000: 2, "__proto__": 3, "a\x00": 4, "": 5} | {f"k{number}": 0 for number in range(500)}
    answer = anna.post("ticket/", NEW | odd)
    assert answer.status_code == 422
    assert len(answer.json["errors"]) == 20
    assert len(answer.text) < 4000


def test_sentences_are_in_the_readers_language(anna: Program) -> None:
    polish = anna.post("ticket/?_l_=pl", NEW | {"odd": 1}).json
    english = anna.post("ticket/?_l_=en", NEW | {"odd": 1}).json
    sentence = "These keys were not taken: odd."
    assert english == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": sentence,
        "message": sentence,
        "errors": {"odd": "There is no such key here."},
    }
    assert polish["message"] != english["message"]
    assert polish["errors"]["odd"] != english["errors"]["odd"]


def test_every_sign_that_is_text_is_kept(anna: Program) -> None:
    body = NEW | {"subject": "Zażółć — 🦊 ‮ab".replace("‮", ""), "text": "Linia\n\tdruga 🦊 \x0b {%s} ' -- \\"}
    answer = anna.post("ticket/", body)
    assert answer.json["result"]["subject"] == body["subject"]
    [message] = anna.list("message", {"filters": [{"col": "ticket", "opr": "rel_o_m", "value": 4}]})["result"]
    assert message["text"] == body["text"]


def test_a_body_that_is_too_large(anna: Program) -> None:
    answer = anna.post("ticket/", data=b'{"text": "' + b"x" * 27 * 2**20 + b'"}', content_type=JSON)
    assert answer.status_code == 413
    assert set(answer.json) == REFUSED
