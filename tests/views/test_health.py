"""/healthz and /readyz: a status for everybody, the reasons for those who may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from app.events.transaction import transaction
from app.extensions import db
from tests.browsing import Visitor

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def broken(app: Flask) -> None:
    """The schema is not the one that this version needs."""
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))


@pytest.fixture
def token(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    settings = replace(app.extensions["settings"], health_token="a-long-token-for-the-monitor")
    monkeypatch.setitem(app.extensions, "settings", settings)
    return "a-long-token-for-the-monitor"


def test_it_is_alive(client: Visitor) -> None:
    assert client.get("/healthz", environ_base=ELSEWHERE).json == {"status": "ok"}


def test_a_stranger_learns_only_whether_it_is_ready(client: Visitor) -> None:
    answer = client.get("/readyz", environ_base=ELSEWHERE)
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


@pytest.mark.usefixtures("broken")
def test_it_is_not_ready_on_an_old_schema(client: Visitor) -> None:
    answer = client.get("/readyz", environ_base=ELSEWHERE)
    assert (answer.status_code, answer.json) == (503, {"status": "not ready"})


@pytest.mark.usefixtures("broken")
def test_loopback_learns_which_part_and_how_to_mend_it(client: Visitor) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["parts"]["schema"]["ok"] is False
    assert "run.py init" in answer.json["parts"]["schema"]["mend"]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_on_loopback_does_not_open_it(client: Visitor, header: str) -> None:
    assert "parts" not in client.get("/readyz", headers={header: "127.0.0.1"}).json


def test_a_header_from_elsewhere_does_not_open_it(client: Visitor) -> None:
    answer = client.get("/readyz", environ_base=ELSEWHERE, headers={"X-Forwarded-For": "127.0.0.1"})
    assert "parts" not in answer.json


def test_the_token_opens_it(client: Visitor, token: str) -> None:
    answer = client.get("/readyz", environ_base=ELSEWHERE, headers={"Authorization": f"Bearer {token}"})
    assert "parts" in answer.json


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Bearer ąę"])
def test_another_token_does_not(client: Visitor, token: str, given: str) -> None:
    answer = client.get("/readyz", environ_base=ELSEWHERE, headers={"Authorization": given.encode().decode("latin-1")})
    assert "parts" not in answer.json


@pytest.mark.parametrize(("role", "knows"), [("administrator", True), ("consultant", False), ("customer", False)])
def test_administrators_may_know(
    make_account: Callable[..., int], browser_of: Callable[[str], Visitor], role: str, knows: bool
) -> None:
    make_account("anna@klient.example", role=role)
    answer = browser_of("anna@klient.example").get("/readyz", environ_base=ELSEWHERE)
    assert ("parts" in answer.json) is knows


def test_an_address_that_is_not_ours_is_refused_plainly(client: Visitor) -> None:
    answer = client.get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "elsewhere" not in answer.text
