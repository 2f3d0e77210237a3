"""Roles by API: what their page does, in its bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.access import KINDS
from tests.views.api.conftest import Program

Programs = Callable[..., Program]
COPY = {"like": 0, "name_pl": "Koordynator", "name_en": "Coordinator"}


@pytest.fixture
def adam(desk: None, program: Programs) -> Program:
    return program("adam@desk.example")


def role(who: Program, code: str) -> dict[str, Any]:
    (found,) = who.list("role", {"filters": [{"col": "code", "opr": "eq", "value": code}]})["result"]
    return dict(found)


def test_roles_are_read_by_who_opens_their_page(desk: None, program: Programs, adam: Program) -> None:
    listed = adam.list("role")["result"]
    assert {line["code"] for line in listed} == set(KINDS)
    consultant = role(adam, "consultant")
    assert (consultant["kind"], consultant["name_pl"], consultant["holders"]) == ("consultant", None, 1)
    assert "calls" in consultant["abilities"]
    assert "calls" in consultant["offered"]
    assert role(adam, "administrator")["offered"] == []
    assert program("audyt@desk.example").get(f"role/{consultant['id']}").status_code == 200
    for email in ("jan@desk.example", "anna@klient.example"):
        assert program(email).get(f"role/{consultant['id']}").status_code == 403
        assert program(email).post("role/", COPY | {"like": consultant["id"]}).status_code == 403


def test_a_copy_is_made_once_changed_and_removed(adam: Program) -> None:
    wanted = COPY | {"like": role(adam, "consultant")["id"], "abilities": ["calls"]}
    first, again = (adam.post("role/", wanted, key="one") for _time in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    made = first.json["result"]
    assert (made["code"], made["kind"], made["holders"]) == ("coordinator", "consultant", 0)
    assert {"calls", "desk"} <= set(made["abilities"])  # what always belongs to a consultant has no choice
    assert "mail" not in made["abilities"]
    more = adam.put(f"role/{made['id']}", {"abilities": ["calls", "mail"]})
    assert set(more.json["errors"]) == {"understood"}
    more = adam.put(f"role/{made['id']}", {"abilities": ["calls", "mail"], "understood": True, "name_en": "Lead"})
    assert (more.json["result"]["name_en"], "mail" in more.json["result"]["abilities"]) == ("Lead", True)
    assert "mail" in adam.post(f"role/{made['id']}/reset").json["result"]["abilities"]
    assert adam.post(f"role/{made['id']}/remove").json == {"id": made["id"]}
    assert adam.get(f"role/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({"abilities": ["audit"]}, {"abilities"}),  # no consultant's
        ({"abilities": ["fly"]}, {"abilities.0"}),
        ({"name_pl": "Nowa"}, {"name_pl"}),  # a shipped role keeps its name
        ({"code": "x"}, {"code"}),
        ({"kind": "administrator"}, {"kind"}),
        ({"holders": 0}, {"holders"}),
    ],
)
def test_what_a_role_cannot_be_is_refused_by_its_key(adam: Program, change: dict[str, Any], keys: set[str]) -> None:
    consultant = role(adam, "consultant")
    answer = adam.put(f"role/{consultant['id']}", change)
    assert (answer.status_code, set(answer.json["errors"])) == (422, keys)
    assert role(adam, "consultant") == consultant


def test_the_administrators_role_and_names_that_are_taken(app: Flask, adam: Program) -> None:
    everything = role(adam, "administrator")
    answer = adam.put(f"role/{everything['id']}", {"abilities": ["calls"]})
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"abilities"})
    assert adam.post(f"role/{everything['id']}/remove").status_code == 422
    wanted = COPY | {"like": everything["id"], "name_en": "Consultant"}
    assert set(adam.post("role/", wanted).json["errors"]) == {"name_pl", "name_en"}
    for pk in (999, 2**31):
        assert adam.put(f"role/{pk}", {"abilities": []}).status_code == 404
        assert set(adam.post("role/", COPY | {"like": pk}).json["errors"]) == {"like"}
