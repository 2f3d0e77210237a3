"""Signed-in browsers: seen and ended by their owner, ended for good (attack cases O20, O28-O30, O33)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app.accounts.registration import find_account
from app.events.transaction import transaction
from app.extensions import db
from app.factory import flask_config
from app.models.audit import AuditEntry
from tests.browsing import Visitor, text_of
from tests.people import PASSWORD
from tests.security.conftest import alike

Browser = Callable[[str], Visitor]
ANNA, BOB = "anna@klient.example", "bob@inny.example"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
SESSIONS = "//section[@aria-labelledby='sessions-heading']"


@pytest.fixture(autouse=True)
def people(make_account: Callable[..., int]) -> None:
    for email in (ANNA, BOB):
        make_account(email, password=PASSWORD)


def signed_in(app: Flask, email: str = ANNA, agent: str = FIREFOX) -> Visitor:
    """A browser that signed in by the form."""
    browser = Visitor(app)
    browser.environ_base = {**browser.environ_base, "HTTP_USER_AGENT": agent}
    browser.submit("/login", {"email": email, "password": PASSWORD})
    assert is_in(browser)
    return browser


def is_in(browser: Visitor) -> bool:
    return browser.get("/tickets/").status_code == 200


def cookie_of(browser: Visitor) -> str:
    cookie = browser.get_cookie("bilety")
    assert cookie is not None
    return cookie.value


def test_a_person_sees_his_browsers_and_ends_one(app: Flask) -> None:
    mine, lost, third = signed_in(app), signed_in(app, agent="Mozilla/5.0 (iPhone) Safari/605"), signed_in(app)
    rows = [text_of(row) for row in mine.page("/profile/").xpath(f"{SESSIONS}//li")]
    assert len(rows) == 3
    assert sum("Ta przeglądarka" in row for row in rows) == 1
    assert all("127.0.0.1" in row for row in rows)
    mine.submit("/profile/", {}, form=f"{SESSIONS}//li[contains(., 'iPhone')]//form")
    assert [is_in(browser) for browser in (mine, lost, third)] == [True, False, True]
    with app.app_context():
        told = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "session_ended")).all()
        assert [(entry.who, "iPhone" in entry.data["browser"]) for entry in told] == [(ANNA, True)]


def test_nobody_ends_the_browser_of_another(app: Flask) -> None:
    anna, bob = signed_in(app), signed_in(app, BOB)
    token = {"csrf_token": bob.page("/profile/").xpath("//input[@name='csrf_token']")[0].get("value")}
    alike([bob.post(f"/profile/sessions/{pk}/end", data=token) for pk in (1, 999)])
    assert is_in(anna)


def test_a_copied_cookie_ends_with_its_session(app: Flask) -> None:
    """Attack case O29."""
    browser, thief = signed_in(app), Visitor(app)
    thief.set_cookie("bilety", cookie_of(browser))
    assert is_in(thief)
    browser.submit("/tickets/", {}, form="//form[@action='/logout']")
    assert not is_in(thief)
    assert not is_in(browser)


def test_a_cookie_that_somebody_planted_is_worth_nothing(app: Flask) -> None:
    """Attack case O28."""
    attacker = Visitor(app)
    attacker.page("/login")
    planted = cookie_of(attacker)
    victim = Visitor(app)
    victim.set_cookie("bilety", planted)
    victim.submit("/login", {"email": ANNA, "password": PASSWORD})
    assert is_in(victim)
    assert cookie_of(victim) != planted
    assert not is_in(attacker)


def test_a_new_password_ends_the_other_browsers(app: Flask) -> None:
    """Attack case O30."""
    mine, other = signed_in(app), signed_in(app)
    new = "Siedem-rudych-lisów-7"
    mine.submit("/change", {"password": PASSWORD, "new_password": new, "new_password_confirm": new})
    assert (is_in(mine), is_in(other)) == (True, False)


@pytest.mark.parametrize("column", ["active", "fs_uniquifier"])
def test_who_is_shut_out_is_out_at_once(app: Flask, column: str) -> None:
    """Attack case O20."""
    browser = signed_in(app)
    with app.app_context(), transaction():
        account = find_account(ANNA)
        setattr(account, column, False if column == "active" else "another")
    assert not is_in(browser)
    assert browser.get("/api/v1/search/?q=x").status_code == 401


def test_cookies_on_http_are_closed_to_scripts_and_other_sites(app: Flask) -> None:
    """Attack case O33."""
    answer = Visitor(app).get("/login")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("bilety=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_cookies_on_https_are_bound_to_it(
    app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack case O33."""
    for name, value in flask_config(replace(settings, base_url="https://pomoc.example")).items():
        if "COOKIE" in name or name == "TRUSTED_HOSTS":
            monkeypatch.setitem(app.config, name, value)
    cookies = Visitor(app).get("https://pomoc.example/login").headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_every_page_says_what_a_browser_may_do_with_it(app: Flask) -> None:
    """Attack case O33."""
    browser = signed_in(app)
    for path in ("/", "/tickets/", "/profile/", "/profile/keys/", "/api/v1/search/?q=x", "/nie-ma"):
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert rule in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"]
        assert headers["Cache-Control"] == "no-store"
