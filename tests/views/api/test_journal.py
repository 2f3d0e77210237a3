"""A program hands a letter over: it goes the way of every other letter, once."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.jobs.drain import drain_in
from app.models.journal import JournalEntry
from tests.mail.letters import letter
from tests.views.api.conftest import Program

MARKED = "PomocTARGIT+x@pomoc.example"
LETTER = letter(subject="Raport nie działa")
BODY = {"content": b64encode(LETTER).decode(), "recipient": MARKED, "sender": "anna@klient.example"}


@pytest.fixture
def adam(desk: None, program: Callable[..., Program]) -> Program:
    return program("adam@desk.example")


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(JournalEntry.id)).where(JournalEntry.transport == "api"))


def test_a_letter_as_json_becomes_a_ticket(app: Flask, adam: Program) -> None:
    answer = adam.post("journal/", BODY)
    assert answer.status_code == 201, answer.text
    assert answer.json["result"]["outcome"] == "waiting"
    assert drain_in(app, "intake") == 1
    found = adam.get(f"journal/{answer.json['id']}").json["result"]
    assert (found["outcome"], found["message_id"]) == ("ticket", "1@klient.example")
    with app.app_context():
        row = db.session.get_one(JournalEntry, answer.json["id"])
        assert (row.recipient, row.envelope_from, row.peer) == (MARKED, "anna@klient.example", "127.0.0.1")
        assert app.extensions["files"].get(row.sha256) == LETTER


def test_a_letter_as_it_is(app: Flask, adam: Program) -> None:
    raw = bytes(range(256))
    answer = adam.post(
        "journal/",
        data=raw,
        content_type="message/rfc822",
        query_string={"recipient": "pomoctargit@pomoc.example", "sender": ""},
    )
    assert answer.status_code == 201, answer.text
    with app.app_context():
        row = db.session.get_one(JournalEntry, answer.json["id"])
        assert (row.envelope_from, app.extensions["files"].get(row.sha256)) == ("", raw)


def test_sent_twice_it_is_kept_once(app: Flask, adam: Program) -> None:
    first, again = (adam.post("journal/", BODY, key="k") for _ in range(2))
    assert first.json == again.json
    assert count(app) == 1


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"recipient": "nikt@pomoc.example"}, "recipient"),
        ({"recipient": None}, "recipient"),
        ({"content": "nie base64!"}, "content"),
        ({"content": ""}, "content"),
        ({"sender": "a\nb"}, "sender"),
        ({"mailbox": 1}, "mailbox"),
    ],
)
def test_what_cannot_be_taken_is_named(app: Flask, adam: Program, wrong: dict[str, object], key: str) -> None:
    answer = adam.post("journal/", BODY | wrong)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [key])
    raw = adam.post("journal/", data=LETTER, content_type="message/rfc822", query_string={"subject": "x"})
    assert set(raw.json["errors"]) == {"recipient", "subject"}
    assert count(app) == 0


def test_of_a_letter_over_the_limit_the_beginning_is_kept_once(
    app: Flask, adam: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(app.extensions["settings"], letter_limit=len(LETTER) - 1)
    monkeypatch.setitem(app.extensions, "settings", small)
    for _again in range(2):
        answer = adam.post("journal/", BODY)
        assert (answer.status_code, "BILETY_LETTER_LIMIT" in answer.json["message"]) == (413, True)
    with app.app_context():
        row = db.session.scalars(select(JournalEntry).where(JournalEntry.transport == "api")).one()
        assert (row.outcome, row.reason, row.recipient) == ("rejected", "over_limit", MARKED)
        assert app.extensions["files"].get(row.sha256) == LETTER


def test_only_administrators_hand_letters_over(app: Flask, adam: Program, program: Callable[..., Program]) -> None:
    for email in ("anna@klient.example", "jan@desk.example"):
        assert program(email).post("journal/", BODY).status_code == 403
    assert program().post("journal/", BODY).status_code == 401
    assert count(app) == 0
