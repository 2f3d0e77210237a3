"""Consultants read and settle the calls of their product groups by API; the exchange's door stands guessing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.desk.incoming_calls import keep_call, new_secret, read_call
from app.events.transaction import transaction
from tests.views.api.conftest import Program

CALL = {"call_id": "c-1", "caller": "501234567", "digits": "31", "time": "2026-03-02T10:00:00+01:00"}


@pytest.fixture
def calls(app: Flask, desk: None) -> list[int]:
    """Calls for DYNAMICS, for TARGIT and for nobody."""
    with app.app_context(), transaction():
        kept = [keep_call(read_call(CALL | {"call_id": digits, "digits": digits}))[0] for digits in ("31", "33", "39")]
        return [call.id for call in kept]


@pytest.fixture
def limited(app: Flask) -> Iterator[Flask]:
    app.config["ATTEMPTS_UNLIMITED"] = False
    yield app
    app.config["ATTEMPTS_UNLIMITED"] = True


def test_consultants_read_the_calls_of_their_groups_and_those_of_none(
    calls: list[int], program: Callable[..., Program]
) -> None:
    own, foreign, nobodys = calls
    jan = program("jan@desk.example")
    assert sorted(jan.list("call")["ids"]) == [own, nobodys]
    assert jan.get(f"call/{foreign}").status_code == 404
    assert jan.where("call", "call_id", "eq", "31") == [own]
    shown = jan.get(f"call/{own}").json["result"]
    assert (shown["caller"], shown["product_group"]["name"], shown["settled_at"]) == ("501234567", "DYNAMICS", None)
    assert program("anna@klient.example").get("call/").status_code == 403


def test_a_call_is_settled_taken_back_and_put_with_a_ticket_once(
    calls: list[int], program: Callable[..., Program]
) -> None:
    own, foreign, _nobodys = calls
    jan = program("jan@desk.example")
    assert jan.post(f"call/{own}/done").json["result"]["settled_at"]
    assert jan.post(f"call/{own}/done").status_code == 422
    assert jan.post(f"call/{own}/back").json["result"]["settled_at"] is None
    (ticket,) = jan.where("ticket", "number", "eq", 1001)
    assert jan.post(f"call/{own}/belongs", {"ticket": 99_999}).status_code == 404
    assert jan.post(f"call/{own}/belongs", {}).status_code == 422
    assert jan.post(f"call/{own}/belongs", {"ticket": ticket}).json["result"]["ticket"]["number"] == 1001
    for late in ("done", "back"):
        assert jan.post(f"call/{own}/{late}").status_code == 422
    assert jan.post(f"call/{foreign}/done").status_code == 404
    assert program("audyt@desk.example").post(f"call/{own}/done").status_code == 403


def test_told_at_the_same_instant_it_is_one_call(app: Flask) -> None:
    with app.app_context(), transaction():
        headers = {"Authorization": f"Bearer {new_secret()}"}
    with ThreadPoolExecutor(4) as threads:
        telling = [threads.submit(app.test_client().post, "/hooks/calls", json=CALL, headers=headers) for _ in range(4)]
    answers = [each.result() for each in telling]
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["id"] for answer in answers}) == 1


def test_who_guesses_the_secret_is_kept_out(limited: Flask) -> None:
    client = limited.test_client()
    codes = [
        client.post("/hooks/calls", json=CALL, headers={"Authorization": f"Bearer {guess}"}).status_code
        for guess in range(32)
    ]
    assert (codes[0], codes[-1]) == (401, 429)
