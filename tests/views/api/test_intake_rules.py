"""Rules about incoming letters by API: what the page may do, with the same refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.views.api.conftest import Program

Programs = Callable[..., Program]
OFFERS = {"name": "Oferty", "act": "reject", "words": "Nie kupujemy.", "subject": "raport", "mailbox": 1}
URGENT = {"name": "Pilne", "act": "priority", "priority": "urgent", "sender": "@klient.example", "position": 5}


@pytest.fixture
def adam(desk: None, program: Programs) -> Program:
    return program("adam@desk.example")


def test_a_rule_is_made_once_changed_and_removed(adam: Program) -> None:
    first, again = (adam.post("intake_rule/", OFFERS, key="k") for _time in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    shown = first.json["result"]
    assert (shown["mailbox"]["id"], shown["active"], shown["position"]) == (1, True, 10)
    adam.post("intake_rule/", URGENT)
    assert adam.list("intake_rule", {"order_column": "position", "order_direction": "asc"})["ids"] == [2, 1]
    changed = adam.put("intake_rule/1", {"mailbox": None, "active": False, "larger_than": 2_000})
    assert (changed.json["result"]["mailbox"], changed.json["result"]["larger_than"]) == (None, 2_000)
    assert adam.where("intake_rule", "active", "eq", False) == [1]
    assert adam.delete("intake_rule/1").status_code == 204
    assert adam.delete("intake_rule/1").status_code == 404
    assert adam.list("intake_rule")["ids"] == [2]


def test_a_rehearsal_shows_what_they_would_do_and_changes_nothing(adam: Program) -> None:
    before = adam.list("journal")["result"]
    adam.post("intake_rule/", {**OFFERS, "mailbox": None, "subject": "", "larger_than": 1, "sender": "@example"})
    adam.post("intake_rule/", URGENT)
    letters = adam.get("intake_rule/rehearsal", number="10").json["result"]
    keys = {"journal", "rules", "act", "reason", "product_group", "priority", "tags"}
    assert all(set(letter) == keys for letter in letters)
    assert adam.list("journal")["result"] == before
    for number in ("0", "201", "x", "-1", "9" * 400):
        refused = adam.get("intake_rule/rehearsal", number=number)
        assert (refused.status_code, list(refused.json["errors"])) == (422, ["number"])


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"subject": "", "mailbox": None}, "act"),
        ({"words": ""}, "words"),
        ({"act": "group"}, "product_group"),
        ({"act": "priority"}, "priority"),
        ({"act": "explode"}, "act"),
        ({"larger_than": 0}, "larger_than"),
        ({"name": "Pilne"}, "name"),
        ({"position": -1}, "position"),
    ],
)
def test_what_cannot_be_used_is_named(adam: Program, wrong: dict[str, Any], key: str) -> None:
    adam.post("intake_rule/", URGENT)
    adam.post("intake_rule/", OFFERS)
    posted, changed = adam.post("intake_rule/", OFFERS | {"name": "Inna"} | wrong), adam.put("intake_rule/2", wrong)
    for refused in (posted, changed):
        assert (refused.status_code, list(refused.json["errors"])) == (422, [key])
    assert adam.list("intake_rule")["ids"] == [1, 2]
    assert adam.get("intake_rule/2").json["result"]["subject"] == "raport"


@pytest.mark.parametrize("key", ["mailbox", "product_group"])
def test_what_does_not_exist_is_not_found(adam: Program, key: str) -> None:
    assert adam.post("intake_rule/", OFFERS | {key: 999}).status_code == 404


def test_who_does_not_set_the_desk_up_may_not(adam: Program, program: Programs) -> None:
    adam.post("intake_rule/", OFFERS)
    for who in ("jan@desk.example", "anna@klient.example"):
        other = program(who)
        assert other.get("intake_rule/").status_code == 403
        assert other.post("intake_rule/", URGENT).status_code == 403
        assert other.delete("intake_rule/1").status_code == 403
