"""Saved views by API: one's own and shared ones, by the rules of their page (O17)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.desk import field_indexes, field_sets
from app.events.transaction import transaction
from tests.fields.samples import a_field
from tests.views.api.conftest import Program

Programs = Callable[..., Program]
MINE = {"name": "Pilne", "query": "state=new&priority=urgent&sort=due"}
FOR_ALL = {"name": "Wszystkich", "query": "state=open", "shared_with": "desk"}


def matched(program: Program, view: int) -> dict[str, str]:
    return {"If-Match": program.get(f"saved_view/{view}").headers["ETag"]}


def test_a_view_is_kept_once_changed_as_it_was_read_and_deleted(desk: None, program: Programs) -> None:
    jan, adam = program("jan@desk.example"), program("adam@desk.example")
    first, again = (jan.post("saved_view/", MINE, key="k") for _time in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    assert first.json["result"]["query"] == MINE["query"]
    assert adam.get("saved_view/1").status_code == 404
    assert jan.put("saved_view/1", {"name": "Inne"}).status_code == 428
    seen = matched(jan, 1)
    shared = {"shared_with": "group", "product_group": 1, "query": "state=new&group=1&column=state&column=due"}
    answer = jan.put("saved_view/1", shared, headers=seen)
    assert (answer.status_code, answer.json["result"]["product_group"]["name"]) == (200, "DYNAMICS")
    stale = jan.put("saved_view/1", {"name": "Inne"}, headers=seen)
    assert (stale.status_code, stale.json["current"]["query"]) == (412, shared["query"])
    assert adam.list("saved_view")["result"][0]["owner"]["name"] == "Jan Dynamiczny"
    assert jan.put("saved_view/1", {"shared_with": "nobody"}, headers=matched(jan, 1)).json["result"] == {
        **first.json["result"],
        "query": shared["query"],
    }
    assert jan.delete("saved_view/1").status_code == 428
    assert jan.delete("saved_view/1", headers=matched(jan, 1)).status_code == 204
    assert jan.list("saved_view")["ids"] == []
    nowhere = program("adam@desk.example").post("saved_view/", MINE | {"shared_with": "group", "product_group": 65535})
    assert (nowhere.status_code, list(nowhere.json["errors"])) == (404, ["product_group"])


def test_a_shared_view_is_changed_by_its_owner_and_by_administrators(desk: None, program: Programs) -> None:
    jan, adam = program("jan@desk.example"), program("adam@desk.example")
    adam.post("saved_view/", FOR_ALL)
    jan.post("saved_view/", {**MINE, "shared_with": "group", "product_group": 1})
    assert jan.where("saved_view", "shared_with", "eq", "desk") == [1]
    assert jan.put("saved_view/1", {"name": "Moje"}, headers=matched(jan, 1)).status_code == 404
    assert jan.delete("saved_view/1", headers=matched(jan, 1)).status_code == 404
    assert adam.put("saved_view/2", {"name": "Pilne DYNAMICS"}, headers=matched(adam, 2)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"name": " "}, "name"),
        ({"query": "status=new"}, "query"),
        ({"query": "field.none=1"}, "query"),
        ({"query": "column=field.none"}, "query"),
        ({"query": "a" * 4_001}, "query"),
        ({"shared_with": "everybody"}, "shared_with"),
        ({"shared_with": "group"}, "product_group"),
        ({"shared_with": "desk", "product_group": 1}, "product_group"),
    ],
)
def test_what_cannot_be_kept_is_named(desk: None, program: Programs, wrong: dict[str, Any], key: str) -> None:
    jan = program("jan@desk.example")
    refused = jan.post("saved_view/", MINE | wrong)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [key])
    for sharing in ({"shared_with": "desk"}, {"shared_with": "group", "product_group": 3}):
        assert jan.post("saved_view/", MINE | sharing).status_code == 422
    assert jan.list("saved_view")["ids"] == []


def test_a_view_names_no_field_that_its_reader_may_not_see(app: Flask, desk: None, program: Programs) -> None:
    secret = a_field("text", "tajne", filterable=True, in_grid=True, read_by=("administrator",))
    with app.app_context(), transaction():
        field_sets.publish([secret], reason="próba", by=None)
        field_indexes.bring_up_to_date()
    jan, adam = program("jan@desk.example"), program("adam@desk.example")
    query = "state=new&field.tajne=ala&column=field.tajne"
    assert adam.post("saved_view/", FOR_ALL | {"query": query}).json["result"]["query"] == query
    shown = jan.get("saved_view/1").json["result"]
    assert (shown["query"], shown["left_out"]) == ("state=new", ["column", "filter"])
    assert jan.list("saved_view")["result"] == [shown]
    assert jan.post("saved_view/", MINE | {"query": query}).json["errors"]["query"]
    adam.put("saved_view/1", {"name": "Nowe"}, headers=matched(adam, 1))
    assert adam.get("saved_view/1").json["result"]["query"] == query
