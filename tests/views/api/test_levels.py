"""What is promised of a ticket is told by API."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from app.events.transaction import transaction
from app.extensions import db
from app.models.level import ServiceLevel
from tests.views.api.conftest import Program


def test_promises_are_listed_filtered_and_shown(app: Flask, desk: None, program: Callable[..., Program]) -> None:
    with app.app_context(), transaction():
        db.session.add(ServiceLevel(name="Zwykły", first_minutes=60))
    anna = program("anna@klient.example")
    made = anna.post("ticket/", {"subject": "Raport", "text": "Pusty.", "product_group": 1}).json
    terms = made["result"]["terms"]
    assert [(term["kind"], term["minutes"], term["level"]) for term in terms] == [("first", 60, "Zwykły")]
    assert made["result"]["due_at"] == terms[0]["due_at"]
    assert anna.where("ticket", "due_at", "gt", "2000-01-01T00:00:00Z") == [made["id"]]
    assert anna.where("ticket", "due_at", "lt", "2000-01-01T00:00:00Z") == []
