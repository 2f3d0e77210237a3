"""Every act of a ticket's page by API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.ticket import Ticket
from app.models.types import utc_now
from tests.views.api.conftest import Program

DAY = (utc_now() + timedelta(days=3)).date().isoformat()
BY_DESK: list[tuple[str, Any, str]] = [
    ("link", {"other": 2, "kind": "duplicate"}, "linked_elsewhere"),
    ("unlink", {"other": 2, "kind": "duplicate"}, "unlinked_elsewhere"),
    ("tags", {"tags": ["VAT"]}, "tagged"),
    ("follow-up", {"on": DAY}, "follow_up_set"),
    ("follow-up", {"on": None}, "follow_up_set"),
    ("watch", None, "follow_up_set"),
    ("unwatch", None, "follow_up_set"),
    ("resolve", None, "resolved"),
]
WRONG: list[tuple[str, Any, int]] = [
    ("merge", {"into": 2}, 422),
    ("merge", {"into": 3}, 404),
    ("merge", {"into": 1}, 422),
    ("split", {"message": 1, "subject": "X"}, 422),
    ("split", {"message": 3, "subject": "X"}, 404),
    ("move-message", {"message": 1, "into": 1}, 422),
    ("move-message", {"message": 3, "into": 2}, 404),
    ("move-message", {"message": 1, "into": 3}, 404),
    ("put-back", {"message": 1}, 422),
    ("link", {"other": 2, "kind": "merged"}, 422),
    ("link", {"other": 999, "kind": "parent"}, 404),
    ("tags", {"tags": ["x" * 41]}, 422),
    ("follow-up", {"on": "2001-01-01"}, 422),
    ("follow-up", {"on": "jutro"}, 422),
    ("accept", None, 422),
    ("rate", {"score": "good"}, 422),
    ("rate", {"score": 5}, 422),
]


def events(app: Flask) -> list[str]:
    with app.app_context():
        return [event.kind for event in db.session.scalars(select(Ticket).where(Ticket.number == 1001)).one().events]


@pytest.fixture
def jan(desk: None, program: Callable[..., Program]) -> Program:
    return program("jan@desk.example")


def test_the_desks_acts(app: Flask, jan: Program) -> None:
    for act, body, event in BY_DESK:
        answer = jan.post(f"ticket/1/{act}", body, key=f"{act}-{body}")
        assert answer.status_code == 200, (act, answer.text)
        assert events(app)[-1] == event


def test_the_customers_acts(app: Flask, jan: Program, program: Callable[..., Program]) -> None:
    anna = program("anna@klient.example")
    jan.post("ticket/1/resolve")
    assert anna.post("ticket/1/accept").json["result"]["status"] == "closed"
    assert anna.post("ticket/1/rate", {"score": "good", "comment": "Dziękuję"}).status_code == 200
    assert events(app)[-1] == "rated"
    for act in ("merge", "split", "link", "tags", "follow-up"):
        body = {"into": 1, "message": 1, "subject": "x", "other": 2, "kind": "parent", "tags": [], "on": None}
        keys = {"merge": ["into"], "split": ["message", "subject"], "link": ["other", "kind"], "tags": ["tags"]}
        asked = {key: body[key] for key in keys.get(act, ["on"])}
        assert anna.post(f"ticket/1/{act}", asked).status_code == 403, act


@pytest.mark.parametrize(("act", "body", "status"), WRONG)
def test_what_cannot_be_done_is_told(app: Flask, jan: Program, act: str, body: Any, status: int) -> None:
    before = events(app)
    answer = jan.post(f"ticket/1/{act}", body)
    assert answer.status_code == status, answer.text
    assert answer.json["message"]
    assert events(app) == before
