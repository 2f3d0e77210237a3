"""What is promised of a ticket is told by API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

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


LEVEL = {"name": "Pilny", "priority": "urgent", "organisation": 1, "first_minutes": 30}


def test_the_desk_reads_levels_and_administrators_write_them(
    app: Flask, desk: None, program: Callable[..., Program]
) -> None:
    adam, jan = program("adam@desk.example"), program("jan@desk.example")
    first, again = (adam.post("service_level/", LEVEL, key="k") for _time in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    shown = jan.get("service_level/1").json["result"]
    assert shown == {
        "id": 1,
        "product_group": None,
        "next_minutes": None,
        "solution_minutes": None,
        "warn_percent": 75,
        "pause_for_third_party": False,
        "active": True,
        **LEVEL,
        "organisation": {"id": 1, "name": "Klient"},
    }
    assert adam.put("service_level/1", {"warn_percent": 50, "organisation": None}).json["result"]["warn_percent"] == 50
    assert jan.where("service_level", "priority", "eq", "urgent") == [1]
    for email, read in (("jan@desk.example", 200), ("audyt@desk.example", 200), ("anna@klient.example", 403)):
        who = program(email)
        assert who.get("service_level/1").status_code == read
        assert who.post("service_level/", LEVEL | {"name": "x"}).status_code == 403
        assert who.put("service_level/1", {"active": False}).status_code == 403
    assert adam.put("service_level/99", {"active": False}).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "keys"),
    [
        ({"first_minutes": None}, {"first_minutes", "next_minutes", "solution_minutes"}),
        ({"first_minutes": 0}, {"first_minutes"}),
        ({"first_minutes": "30"}, {"first_minutes"}),
        ({"first_minutes": 600_001}, {"first_minutes"}),
        ({"warn_percent": 101}, {"warn_percent"}),
        ({"warn_percent": None}, {"warn_percent"}),
        ({"priority": "pilne"}, {"priority"}),
        ({"name": " "}, {"name"}),
        ({"name": "Zwykły"}, {"name"}),
        ({"colour": "red"}, {"colour"}),
        ({"priority": None, "organisation": None}, {"priority"}),  # exactly for the tickets of the other one
    ],
)
def test_what_cannot_be_a_level_is_refused_by_its_key(
    app: Flask, desk: None, program: Callable[..., Program], wrong: dict[str, object], keys: set[str]
) -> None:
    adam = program("adam@desk.example")
    adam.post("service_level/", {"name": "Zwykły", "first_minutes": 60})
    adam.post("service_level/", LEVEL)
    posted, changed = adam.post("service_level/", LEVEL | {"name": "Inny"} | wrong), adam.put("service_level/2", wrong)
    assert (posted.status_code, changed.status_code) == (422, 422)
    assert set(posted.json["errors"]) == set(changed.json["errors"]) == keys
    with app.app_context():
        kept = {level.name: level.first_minutes for level in db.session.scalars(select(ServiceLevel))}
        assert kept == {"Zwykły": 60, "Pilny": 30}


def test_rows_that_are_not_there_are_no_part_of_a_level(desk: None, program: Callable[..., Program]) -> None:
    adam = program("adam@desk.example")
    for key in ("product_group", "organisation"):
        assert adam.post("service_level/", LEVEL | {key: 999}).status_code == 404
    assert adam.list("service_level")["ids"] == []
