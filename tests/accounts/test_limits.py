"""Guessing passwords and sending letters to others is slowed down (attack case O31)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browsing import Visitor
from tests.people import PASSWORD


@pytest.fixture
def limited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "ATTEMPTS_UNLIMITED", False)


def test_the_twenty_first_wrong_password_of_a_minute_waits(app: Flask, limited: None) -> None:
    statuses = []
    for number in range(21):
        values = {"email": f"a{number}@klient.example", "password": "Zgaduję-1234"}
        answer = Visitor(app).submit("/login", values)
        statuses.append(answer.status_code)
    assert statuses == [200] * 20 + [429]
    assert "429" in answer.text


def test_no_header_of_the_caller_makes_him_somebody_else(app: Flask, limited: None) -> None:
    statuses = {
        Visitor(app)
        .post(
            "/api/v1/security/login",
            json={"username": "anna@klient.example", "password": "zgaduję", "provider": "db", "refresh": True},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
        .status_code
        for number in range(21)
    }
    assert statuses == {401, 429}


def test_who_knows_the_password_is_never_counted(app: Flask, limited: None, make_account: Callable[..., int]) -> None:
    make_account("anna@klient.example", password=PASSWORD)
    for _time in range(22):
        answer = Visitor(app).post(
            "/api/v1/security/login",
            json={"username": "anna@klient.example", "password": PASSWORD, "provider": "db", "refresh": True},
        )
        assert answer.status_code == 200


def test_letters_are_asked_for_ten_times_a_minute(app: Flask, limited: None) -> None:
    statuses = [
        Visitor(app).submit("/reset", {"email": f"a{number}@klient.example"}).status_code for number in range(11)
    ]
    assert statuses == [200] * 10 + [429]


def test_one_account_is_not_guessed_from_many_addresses(app: Flask, limited: None) -> None:
    statuses = [
        Visitor(app)
        .post(
            "/api/v1/security/login",
            json={"username": "anna@klient.example", "password": "zgaduję", "provider": "db", "refresh": True},
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"},
        )
        .status_code
        for number in range(51)
    ]
    assert statuses == [401] * 50 + [429]
