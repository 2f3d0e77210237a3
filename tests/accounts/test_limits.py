"""Guessing passwords and sending letters to others is slowed down (attack case O31)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import EnvironBuilder
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import run_wsgi_app

from app.accounts import factors, links
from app.accounts.registration import find_account
from app.events.transaction import transaction
from app.models.invitation import Purpose
from tests.browsing import Visitor
from tests.people import PASSWORD

ANNA = "anna@klient.example"
NEW_PASSWORD = "Siedem-rudych-lisów-7"


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


def guess(
    app: Flask, address: str, email: str = ANNA, password: str = "zgaduję", browser: Visitor | None = None
) -> int:
    """The status of one try from that address."""
    answer = (browser or Visitor(app)).post(
        "/api/v1/security/login",
        json={"username": email, "password": password, "provider": "db", "refresh": True},
        environ_overrides={"REMOTE_ADDR": address},
    )
    if answer.status_code == 429:
        assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    return answer.status_code


def test_one_place_has_ten_tries_for_an_account(app: Flask, limited: None) -> None:
    assert [guess(app, f"10.0.0.{number}") for number in range(11)] == [401] * 10 + [429]
    assert guess(app, "10.0.0.99", email="piotr@klient.example") == 401
    assert guess(app, "10.9.0.1") == 401


def test_the_same_address_however_it_is_written_is_one(app: Flask, limited: None) -> None:
    written = [ANNA, "ANNA@klient.example", " Anna@KLIENT.example "]
    assert [guess(app, "10.0.0.1", email=written[number % 3]) for number in range(11)] == [401] * 10 + [429]


def test_one_network_of_ipv6_is_one_place(app: Flask, limited: None) -> None:
    statuses = [guess(app, f"2001:db8:1:2::{number:x}", email=f"a{number}@klient.example") for number in range(21)]
    assert statuses == [401] * 20 + [429]


def test_guessing_from_everywhere_leaves_each_place_one_try(
    app: Flask, limited: None, make_account: Callable[..., int]
) -> None:
    """Whoever knows the password comes in from a place that he was never in (attack case O31)."""
    make_account(ANNA, password=PASSWORD)
    assert {guess(app, f"10.0.{number}.1") for number in range(50)} == {401}
    assert [guess(app, "10.1.1.1"), guess(app, "10.1.1.1")] == [401, 429]
    assert guess(app, "10.1.2.1", password=PASSWORD) == 200


def test_a_browser_that_signed_in_before_is_not_held_up_by_others(
    app: Flask, limited: None, make_account: Callable[..., int]
) -> None:
    make_account(ANNA, password=PASSWORD)
    mine = Visitor(app)
    mine.submit("/login", {"email": ANNA, "password": PASSWORD})
    mine.submit("/profile/", {}, form="//form[@action='/logout']")
    assert {guess(app, "127.0.0.1", email=f"a{number}@klient.example") for number in range(21)} == {401, 429}
    assert Visitor(app).submit("/login", {"email": ANNA, "password": PASSWORD}).status_code == 429
    assert mine.submit("/login", {"email": ANNA, "password": "literówka"}).status_code == 200
    mine.submit("/login", {"email": ANNA, "password": PASSWORD})
    assert mine.get("/tickets/").status_code == 200


def test_a_known_browser_has_ten_tries_too_and_only_for_its_account(
    app: Flask, limited: None, make_account: Callable[..., int]
) -> None:
    make_account(ANNA, password=PASSWORD)
    stolen = Visitor(app)
    stolen.submit("/login", {"email": ANNA, "password": PASSWORD})
    stolen.submit("/profile/", {}, form="//form[@action='/logout']")
    statuses = [stolen.submit("/login", {"email": ANNA, "password": "zgaduję"}).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    others = [guess(app, "127.0.0.1", email=f"a{number}@klient.example", browser=stolen) for number in range(21)]
    assert others == [401] * 20 + [429]


def test_a_new_password_by_letter_is_the_way_in_while_others_guess(
    app: Flask, limited: None, make_account: Callable[..., int]
) -> None:
    make_account(ANNA, password=PASSWORD)
    for _time in range(10):
        guess(app, "127.0.0.1")
    mine = Visitor(app)
    refused = mine.submit("/login", {"email": ANNA, "password": PASSWORD})
    assert (refused.status_code, "listem" in refused.text or "e-mail" in refused.text) == (429, True)
    with app.app_context(), transaction():
        link = links.make(Purpose.RESET, find_account(ANNA))  # type: ignore[arg-type]
    mine.submit(link, {"password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD})
    mine.submit("/login", {"email": ANNA, "password": NEW_PASSWORD})
    assert mine.get("/tickets/").status_code == 200


@pytest.mark.parametrize("cookie", ["x", "e30.x", ""])
def test_a_made_up_cookie_makes_no_known_browser(app: Flask, limited: None, cookie: str) -> None:
    browser = Visitor(app)
    browser.set_cookie("bilety_device", cookie)
    assert [guess(app, "10.0.0.1", browser=browser) for _ in range(11)] == [401] * 10 + [429]


def test_codes_of_the_second_step_are_not_guessed(app: Flask, limited: None, make_account: Callable[..., int]) -> None:
    make_account(ANNA, password=PASSWORD)
    with app.app_context(), transaction():
        account = find_account(ANNA)
        assert account is not None
        account.tf_primary_method, account.tf_totp_secret = factors.APP, factors.new_secret()
    statuses = []
    for number in range(11):
        browser = Visitor(app)
        browser.submit("/login", {"email": ANNA, "password": PASSWORD})
        path = "/tf-validate" if number % 2 else "/mf-recovery"
        token = {"csrf_token": browser.page(path).xpath("//input[@name='csrf_token']")[0].get("value")}
        statuses.append(browser.post(path, data={"code": "000000", **token}).status_code)
    assert statuses == [200] * 10 + [429]


def test_known_and_unknown_accounts_cost_the_same(
    app: Flask, make_account: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack case O22: what takes the time is the hash, so one is computed for everybody."""
    make_account(ANNA, password=PASSWORD)
    make_account("bez@klient.example", registered=False)
    make_account("dawna@klient.example", password=PASSWORD)
    with app.app_context(), transaction():
        find_account("dawna@klient.example").active = False
    passwords = app.extensions["account_security"].pwd_context
    done: list[str] = []
    for name in ("hash", "verify", "verify_and_update"):
        real = getattr(passwords, name)

        def counted(*args: object, _real: Callable[..., object] = real, **options: object) -> object:
            done.append("hash")
            return _real(*args, **options)

        monkeypatch.setattr(passwords, name, counted)
    told = set()
    for email in (ANNA, "nikt@klient.example", "bez@klient.example", "dawna@klient.example"):
        done.clear()
        page = Visitor(app).submit("/login", {"email": email, "password": "nie to hasło"})
        by_form, text = len(done), re.sub(r'(value|name="opened").*?>', "", page.text).replace(email, "")
        done.clear()
        told.add((by_form, guess(app, "10.0.0.1", email=email), len(done), re.sub(r"\s+", " ", text)[-3000:]))
    assert len(told) == 1
    assert next(iter(told))[0] == next(iter(told))[2] == 1


def test_a_proxy_of_ours_tells_who_asks(app: Flask, limited: None) -> None:
    """Attack case O66: only a configured proxy is believed."""
    statuses = []
    for number in range(22):
        environ = EnvironBuilder(
            app,
            path="/api/v1/security/login",
            method="POST",
            json={"username": f"a{number}@klient.example", "password": "zgaduję"},
            headers={"X-Forwarded-For": f"6.6.6.{number}, 10.0.0.{number % 2}"},
        ).get_environ()
        statuses.append(run_wsgi_app(ProxyFix(app.wsgi_app, 1, 1, 1), environ)[1][:3])
    assert statuses == ["401"] * 22
