"""Files by API: with a message, for a message, and back again as bytes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.jobs.drain import drain_in
from app.models.event import Event, Letter
from app.models.ticket import Attachment
from tests.views.api.conftest import Program

Programs = Callable[..., Program]
CONTENT = b"%PDF-1.7 \x00\xff raport"


@pytest.fixture
def anna(desk: None, program: Programs) -> Program:
    return program("anna@klient.example")


@pytest.fixture
def jan(desk: None, program: Programs) -> Program:
    return program("jan@desk.example")


def in_json(name: str = "raport.pdf", content: bytes = CONTENT) -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(content).decode()}


def upload(sender: Program, message: Any = 1, name: str = "raport.pdf", content: bytes = CONTENT) -> TestResponse:
    answer = sender.post("attachment/", data={"message": str(message), "file": (BytesIO(content), name)})
    answer.request.environ["wsgi.input"].close()  # Werkzeug leaves the file of a large form open.
    return answer


def bytes_of(reader: Program, file_id: int) -> bytes:
    with reader.get(f"attachment/{file_id}/content") as answer:
        assert answer.status_code == 200
        return answer.data


def test_files_come_with_a_message(anna: Program) -> None:
    body = {"ticket": 1, "text": "W załączeniu.", "files": [in_json(), in_json("zrzut ekranu.png", b"png")]}
    message_id = anna.post("message/", body).json["id"]
    rows = anna.list("attachment", {"filters": [{"col": "message", "opr": "rel_o_m", "value": message_id}]})["result"]
    assert [(row["name"], row["size"], row["content_type"]) for row in rows] == [
        ("raport.pdf", len(CONTENT), "application/pdf"),
        ("zrzut ekranu.png", 3, "image/png"),
    ]
    assert bytes_of(anna, rows[0]["id"]) == CONTENT


def test_files_come_with_a_ticket_and_may_say_all(anna: Program) -> None:
    body = {"subject": "Zrzut", "product_group": 1, "files": [in_json()]}
    assert anna.post("ticket/", body).status_code == 201
    assert anna.get("attachment/7").json["result"]["name"] == "raport.pdf"


@pytest.mark.parametrize("way", ["json", "form"])
def test_a_file_is_added_to_a_message_of_ones_own(app: Flask, anna: Program, way: str) -> None:
    answer = upload(anna) if way == "form" else anna.post("attachment/", {"message": 1, **in_json()})
    assert answer.status_code == 201, answer.text
    assert answer.json["result"] == {
        "id": 7,
        "message": {"id": 1},
        "name": "raport.pdf",
        "size": len(CONTENT),
        "content_type": "application/pdf",
    }
    assert bytes_of(anna, 7) == CONTENT
    with app.app_context():
        assert db.session.scalars(select(Event.kind).order_by(Event.id.desc())).first() == "attached"


def test_the_other_side_hears_of_a_later_file(app: Flask, anna: Program, jan: Program) -> None:
    """S23: by the letter that the message itself would be told by; nobody hears of his own."""
    answered = jan.post("message/", {"ticket": 1, "text": "Proszę."}).json["id"]
    noted = jan.post("message/", {"ticket": 1, "kind": "note", "text": "Dla nas."}).json["id"]
    drain_in(app, "letters")
    with app.app_context():
        before = len(db.session.scalars(select(Letter)).all())
    for sender, message in ((anna, 1), (jan, answered), (jan, noted)):
        assert upload(sender, message).status_code == 201
    drain_in(app, "letters")
    with app.app_context():
        letters = db.session.scalars(select(Letter).order_by(Letter.id)).all()[before:]
        assert [(letter.template, letter.account.email) for letter in letters] == [
            ("customer_replied", "jan@desk.example"),
            ("answer", "anna@klient.example"),
        ]


@pytest.mark.parametrize(
    ("email", "message", "status"),
    [
        ("anna@klient.example", 2, 404),  # a note
        ("anna@klient.example", 3, 404),  # of another company
        ("anna@klient.example", 999999, 404),
        ("anna@klient.example", 2**70, 404),
        ("jan@desk.example", 1, 403),  # the customer's words
        ("jan@desk.example", 5, 404),  # of another group
        ("audyt@desk.example", 1, 403),
    ],
)
def test_nobody_adds_to_the_words_of_others(
    app: Flask, desk: None, program: Programs, email: str, message: int, status: int
) -> None:
    sender = program(email)
    assert upload(sender, message).status_code == status
    assert sender.post("attachment/", {"message": message, **in_json()}).status_code == status
    with app.app_context():
        assert len(db.session.scalars(select(Attachment)).all()) == 6
    assert not list(app.extensions["files"].folder.rglob("*"))  # nor does the disk keep what was refused


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({}, {"message", "file"}),
        ({"message": "x", "file": (BytesIO(b"a"), "a.txt")}, {"message"}),
        ({"message": "1" * 3000, "file": (BytesIO(b"a"), "a.txt")}, {"message"}),
        ({"message": "1"}, {"file"}),
        ({"message": "1", "file": "a text"}, {"file"}),
        ({"message": "1", "file": (BytesIO(b"a"), "")}, {"file"}),
        ({"message": "1", "file": (BytesIO(b"a"), "a.txt"), "id": "9"}, {"id"}),
    ],
)
def test_a_form_that_does_not_fit(anna: Program, form: dict[str, Any], errors: set[str]) -> None:
    answer = anna.post("attachment/", data=form, content_type="multipart/form-data")
    assert (answer.status_code, set(answer.json["errors"])) == (422, errors)


def test_a_broken_form_is_a_form_without_values(anna: Program) -> None:
    for body, kind in ((b"\x00\xff--x", "multipart/form-data; boundary=x"), (b"", "multipart/form-data")):
        assert anna.post("attachment/", data=body, content_type=kind).status_code in (400, 422)


def test_a_file_over_the_limit_and_one_too_many(anna: Program) -> None:
    assert upload(anna, content=b"x" * (20 * 2**20 + 1)).status_code == 422
    for _ in range(19):
        assert upload(anna, content=b"x").status_code == 201
    refused = upload(anna, content=b"x")
    assert refused.status_code == 422
    assert "errors" not in refused.json


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.exe", "‮gpj.exe", "x" * 300, "..", "CON:"])
def test_names_are_made_harmless(anna: Program, name: str) -> None:
    kept = upload(anna, name=name).json["result"]["name"]
    assert kept == kept.strip(". ")
    assert not set(kept) & set("/\\\x00:‮")
    assert 0 < len(kept) <= 255


def test_bytes_go_out_as_by_the_portal(app: Flask, anna: Program) -> None:
    """Attack cases O51, O52: never as a page of ours."""
    for name in ("x.html", "x.svg", "x.xml", "x.js"):
        file_id = upload(anna, name=name, content=b"<script>alert(1)</script>").json["id"]
        answer = anna.get(f"attachment/{file_id}/content")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        answer.close()


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-10"}, {"If-None-Match": '"' + "0" * 64 + '"'}])
def test_bytes_of_others_and_of_notes_are_not_there(anna: Program, headers: dict[str, str]) -> None:
    """Attack case O05."""
    for method in ("get", "head"):
        ask = getattr(anna.client, method)
        answers = [
            ask(f"/api/v1/attachment/{pk}/content", headers={**anna.headers, **headers})
            for pk in (2, 3, 999999, 2**31, 2**70)
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.data for answer in answers}) == 1


def test_bytes_ask_for_a_token(desk: None, program: Programs, anna: Program) -> None:
    """Attack case O06."""
    assert program().get("attachment/1/content").status_code == 401
    assert program("tom@desk.example").get("attachment/1/content").status_code == 403
    assert anna.get("attachment/1/content").status_code == 410  # the fixture's row has no bytes
