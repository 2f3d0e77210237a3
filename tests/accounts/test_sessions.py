"""The cookie of a signed-in browser, and the row behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.events.transaction import transaction
from app.extensions import db
from app.models.account import AccountSession
from app.models.types import utc_now
from tests.browsing import Visitor

EMAIL = "anna@klient.example"


@pytest.fixture
def anna(make_account: Callable[..., int], browser_of: Callable[[str], Visitor]) -> Visitor:
    make_account(EMAIL)
    browser = browser_of(EMAIL)
    browser.get("/tickets/")  # where a page leaves its own marks in the cookie
    return browser


def absent(app: Flask, *, since: timedelta) -> None:
    """The browser was last seen that long ago."""
    with app.app_context(), transaction():
        db.session.scalars(select(AccountSession)).one().last_seen_at = utc_now() - since


def test_a_late_file_brings_no_older_session_back(app: Flask, anna: Visitor) -> None:
    absent(app, since=timedelta(hours=1))
    with anna.get("/static/bilety.css") as answer:
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


def test_the_cookie_of_somebody_who_comes_back_lives_on(app: Flask, anna: Visitor) -> None:
    assert "Set-Cookie" not in anna.get("/tickets/").headers
    absent(app, since=timedelta(days=13))
    assert "Expires=" in anna.get("/tickets/").headers["Set-Cookie"]


def test_who_was_away_too_long_signs_in_again(app: Flask, anna: Visitor) -> None:
    absent(app, since=timedelta(days=15))
    assert "/login" in anna.get("/tickets/").location
