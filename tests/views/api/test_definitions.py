"""Fields are shaped by API as on their page: looked at, published with a reason, never over a version unseen."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk import field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.models import definitions
from app.models.field import FieldSet
from tests.views.api.conftest import Program

Programs = Callable[..., Program]
WORDS = {"pl": "Miasto", "en": "Town"}
TOWN: dict[str, Any] = {"owner": "ticket", "kind": "text", "name": "town", "labels": WORDS, "reason": "Logistyka pyta."}


@pytest.fixture
def adam(desk: None, program: Programs) -> Program:
    return program("adam@desk.example")


def added(adam: Program, **more: Any) -> str:
    made = adam.post("definition/", {**TOWN, **more})
    assert made.status_code == 201, made.text
    return str(made.json["id"])


def etag(adam: Program, field_id: str) -> dict[str, str]:
    return {"If-Match": adam.get(f"definition/{field_id}").headers["ETag"]}


def test_a_field_is_added_and_live_at_once(app: Flask, adam: Program, program: Programs) -> None:
    first, again = (adam.post("definition/", TOWN, key="k") for _time in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    anna = program("anna@klient.example")
    assert anna.put("ticket/1", {"fields": {"town": "Łódź"}}).json["result"]["fields"] == {"town": "Łódź"}
    shown = adam.get("definition/", owner="ticket").json
    assert [(each["name"], each["version"], each["deleted"]) for each in shown["result"]] == [("town", 1, False)]
    with app.app_context():
        last = db.session.scalars(select(FieldSet)).one()
        assert (last.reason, last.account.email if last.account else "") == ("Logistyka pyta.", "adam@desk.example")


def test_a_change_names_the_version_that_it_changes(adam: Program) -> None:
    field_id = added(adam)
    change = {"name": "city", "most": 20, "reason": "Krócej."}
    seen = etag(adam, field_id)
    assert adam.put(f"definition/{field_id}", change).status_code == 428
    changed = adam.put(f"definition/{field_id}", change, headers=seen).json["result"]
    assert (changed["name"], changed["most"], changed["version"]) == ("city", 20, 2)
    assert list(changed["old_names"]) == ["town"]
    stale = adam.put(f"definition/{field_id}", {"most": 5, "reason": "x"}, headers=seen)
    assert (stale.status_code, stale.json["current"]["most"], stale.headers["ETag"]) == (412, 20, '"2"')
    assert adam.get(f"definition/{field_id}", headers={"If-None-Match": '"2"'}).status_code == 304


def test_a_change_is_only_looked_at(adam: Program, program: Programs) -> None:
    field_id = added(adam)
    program("anna@klient.example").put("ticket/1", {"fields": {"town": "Konstantynopol"}})
    seen = etag(adam, field_id)
    found = adam.put(f"definition/{field_id}", {"most": 5, "preview": True}, headers=seen).json["preview"]
    assert (found["changed"], found["rows"], found["misfits"]) == (["most"], 1, 1)
    found = adam.put(f"definition/{field_id}", {"kind": "number", "preview": True}, headers=seen).json["preview"]
    assert (found["rows"], found["misfits"]) == (1, 1)
    assert adam.post("definition/", {**TOWN, "name": "other", "preview": True}).json["preview"]["rows"] == 0
    assert [each["version"] for each in adam.get("definition/").json["result"]] == [1]


def test_a_field_of_another_kind_takes_its_place_and_one_that_goes_comes_back(adam: Program) -> None:
    field_id = added(adam)
    changed = adam.put(f"definition/{field_id}", {"kind": "long_text", "reason": "x"}, headers=etag(adam, field_id))
    assert changed.json["id"] != field_id
    assert changed.json["result"]["follows"] == field_id
    assert adam.get(f"definition/{field_id}").json["result"]["deleted"] is True
    new = changed.json["id"]
    for deleted in (True, False):
        answer = adam.put(f"definition/{new}", {"deleted": deleted, "reason": "x"}, headers=etag(adam, new))
        assert answer.json["result"]["deleted"] is deleted


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"name": "1"}, "name"),
        ({"name": "status"}, "name"),
        ({"labels": {"pl": "Miasto"}}, "labels"),
        ({"labels": {"pl": 1}}, "labels.pl.value"),
        ({"kind": "colour"}, "kind"),
        ({"kind": "choice"}, "options"),
        ({"kind": "choice", "options": [{"colour": "x"}]}, "options"),
        ({"kind": "pattern", "pattern": "(a+)+", "helps": WORDS}, "pattern"),
        ({"kind": "number", "least": "dużo"}, "least"),
        ({"kind": "number", "default": "dużo"}, "default"),
        ({"shown_if": {"field": "none"}}, "shown_if"),
        ({"owner": "nobody"}, "owner"),
        ({"groups": [999]}, "groups"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_published_is_refused_by_its_part(adam: Program, wrong: dict[str, Any], key: str) -> None:
    refused = adam.post("definition/", {**TOWN, **wrong})
    assert refused.status_code in (404, 422), refused.text
    assert list(refused.json["errors"]) == [key]
    assert adam.get("definition/").json["result"] == []


def test_it_asks_for_a_reason(adam: Program) -> None:
    assert adam.post("definition/", {**TOWN, "reason": " "}).status_code == 422
    assert adam.get("definition/").json["set"] == 0


def test_two_who_change_the_same_version_do_not_both(app: Flask, adam: Program) -> None:
    """The second is told, also when the first came by the page between the look and the lock."""
    field_id = added(adam)
    seen = etag(adam, field_id)
    with app.app_context(), transaction():
        held = field_sets.definitions.published(db.session()).by_id(field_id)
        assert held is not None
        field_sets.publish([held.changed(most=9)], reason="strona", by=None)
    assert adam.put(f"definition/{field_id}", {"most": 5, "reason": "x"}, headers=seen).status_code == 412


def test_who_only_looks_changes_nothing_and_others_know_of_none(adam: Program, program: Programs) -> None:
    field_id = added(adam)
    for email in ("anna@klient.example", "jan@desk.example"):
        assert program(email).get("definition/").status_code == 403
        assert program(email).put(f"definition/{field_id}", {}, headers={"If-Match": "*"}).status_code == 403
    assert adam.get("definition/none").status_code == 404


def test_what_another_process_published_a_moment_ago_is_not_written_over(app: Flask, adam: Program) -> None:
    """A process that has not heard of it yet does not tell the old field under the new ETag, nor write over the new."""
    field_id = added(adam)
    seen = etag(adam, field_id)
    with app.app_context():
        kept = definitions.published_now(db.session())
        with transaction():
            field_sets.publish([kept.of("ticket")[0].changed(most=7)], reason="ktoś inny", by=None)
    for change in ({"decimals": 0}, {"kind": "number"}):
        definitions._kept[""] = (time.monotonic() + 60, kept)
        stale = adam.put(f"definition/{field_id}", {**change, "reason": "x"}, headers=seen)
        assert (stale.status_code, stale.json["current"]["most"]) == (412, 7)
    definitions._kept[""] = (time.monotonic() + 60, kept)
    shown = adam.get(f"definition/{field_id}")
    assert (shown.json["result"]["most"], shown.headers["ETag"]) == (7, '"2"')
    definitions._kept[""] = (time.monotonic() + 60, kept)
    labels = {"labels": WORDS, "reason": "x"}
    changed = adam.put(f"definition/{field_id}", labels, headers={"If-Match": "*"}).json["result"]
    assert (changed["most"], changed["version"]) == (7, 3)
