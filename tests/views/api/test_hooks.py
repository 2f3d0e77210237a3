"""Hooks are kept by API as on their page; a secret is told once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.events.transaction import transaction
from app.extensions import db
from app.models.event import OutboxItem
from app.models.hook import Hook, HookDelivery
from app.sealed import unseal
from tests.views.api.conftest import Program

Programs = Callable[..., Program]
CRM: dict[str, Any] = {"name": "CRM", "url": "https://crm.example/hook", "events": ["ticket.created"]}


@pytest.fixture
def adam(desk: None, program: Programs) -> Program:
    return program("adam@desk.example")


def secret_of(app: Flask) -> str:
    with app.app_context():
        return unseal(db.session.scalars(select(Hook)).one().secret, app.extensions["settings"].secret_key)


def test_its_secret_is_told_once(app: Flask, adam: Program) -> None:
    first, again = (adam.post("hook/", CRM, key="k") for _time in range(2))
    assert (first.status_code, first.json["result"]["secret"]) == (201, secret_of(app))
    assert again.json["result"] == {**first.json["result"], "secret": None}
    assert adam.get("hook/1").json["result"]["secret"] is None
    new = adam.post("hook/1/rotate").json["result"]["secret"]
    assert new == secret_of(app) != first.json["result"]["secret"]
    with app.app_context():
        assert db.session.scalars(select(Hook)).one().old_secret


def test_it_is_changed_and_removed(adam: Program) -> None:
    adam.post("hook/", CRM)
    changed = adam.put("hook/1", {"active": False, "events": ["entry.published", "entry.published"]}).json["result"]
    assert (changed["active"], changed["events"], changed["url"]) == (False, ["entry.published"], CRM["url"])
    assert adam.where("hook", "active", "eq", False) == [1]
    assert adam.delete("hook/1").status_code == 204
    assert adam.delete("hook/1").status_code == 404


def test_what_it_was_told_is_read_and_sent_again(app: Flask, adam: Program, program: Programs) -> None:
    adam.post("hook/", CRM)
    program("anna@klient.example").post("ticket/", {"subject": "Raport", "text": "Opis", "product_group": 1})
    (told,) = adam.get("hook/1/deliveries").json["result"]
    assert (told["type"], told["attempts"], told["delivered_at"]) == ("ticket.created", 0, None)
    assert adam.post("hook/1/replay", {"delivery": told["id"]}).status_code == 200
    assert adam.post("hook/1/replay", {"delivery": 99}).status_code == 404
    with app.app_context():
        owed = select(func.count()).select_from(OutboxItem).where(OutboxItem.delivery_id == told["id"])
        assert db.session.scalar(owed) == 2
        with transaction():
            hook = db.session.scalars(select(Hook)).one()
            hook.paused_at = db.session.scalars(select(HookDelivery)).one().created_at
    assert adam.get("hook/1").json["result"]["paused_at"]
    assert adam.post("hook/1/resume").json["result"]["paused_at"] is None


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"url": "http://crm.example"}, "url"),
        ({"url": "ftp://crm.example"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["all"]}, "events.0"),
        ({"name": "Stary"}, "name"),
        ({"secret": "whsec_x"}, "secret"),
    ],
)
def test_what_a_hook_cannot_be_is_refused_by_its_key(adam: Program, wrong: dict[str, Any], key: str) -> None:
    adam.post("hook/", {**CRM, "name": "Stary"})
    refused = adam.post("hook/", {**CRM, **wrong})
    assert (refused.status_code, list(refused.json["errors"])) == (422, [key])
    assert adam.list("hook")["ids"] == [1]


def test_others_know_of_none(adam: Program, program: Programs) -> None:
    adam.post("hook/", CRM)
    for email in ("anna@klient.example", "jan@desk.example"):
        assert program(email).get("hook/1").status_code == 403
        assert program(email).post("hook/1/rotate").status_code == 403
