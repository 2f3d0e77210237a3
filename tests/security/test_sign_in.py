"""Signing in and what stands before every door that changes something (attack cases O31, O32, O34, O65)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.extensions import db
from app.models.account import Account
from app.models.audit import AuditEntry
from tests.browsing import Visitor
from tests.people import PASSWORD
from tests.views.api.described import REFUSED

Browser = Callable[[str], Visitor]
ANNA, ADAM = "anna@klient.example", "adam@pomoc.example"


@pytest.fixture(autouse=True)
def people(make_account: Callable[..., int]) -> None:
    make_account(ANNA, password=PASSWORD)
    make_account(ADAM, role="administrator")


def changing(app: Flask) -> Iterator[Rule]:
    """Every door that takes a change."""
    for rule in app.url_map.iter_rules():
        if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set()):
            yield rule


def path_of(rule: Rule) -> str:
    path = re.sub(r"<language:\w+>", "pl", rule.rule)
    path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
    return re.sub(r"<[^>]*>", "1", path)


BODIES = {
    "urlencoded": {"data": {"a": "1"}},
    "multipart": {"data": {"a": "1"}, "content_type": "multipart/form-data"},
    "text": {"data": '{"a": 1}', "content_type": "text/plain"},
    "json": {"json": {"a": 1}},
}


@pytest.mark.parametrize("body", BODIES)
def test_another_site_changes_nothing_in_the_name_of_who_is_signed_in(
    app: Flask, browser_of: Browser, body: str
) -> None:
    """Attack case O32: a form of another site brings the cookie, but no token of ours."""
    adam = browser_of(ADAM)
    for rule in changing(app):
        for method in {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set()):
            answer = adam.open(path_of(rule), method=method, headers={"Origin": "http://zly.example"}, **BODIES[body])
            refused = (400, 401, 415, 422) if rule.rule.startswith(("/api/", "/hooks/")) else (400,)
            assert answer.status_code in refused, f"{method} {rule.rule}: {answer.status_code}"
    assert adam.get("/desk/tickets/list/").status_code == 200
    with app.app_context():
        assert not db.session.scalars(select(AuditEntry).where(AuditEntry.kind.in_(["rights", "settings"]))).all()


def test_no_change_is_made_by_following_a_link(app: Flask, browser_of: Browser) -> None:
    """Attack case O32: doors that only change something do not answer GET."""
    adam = browser_of(ADAM)
    reading = {path_of(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    for rule in changing(app):
        path = path_of(rule)
        if path not in reading and "GET" not in (rule.methods or set()):
            assert adam.get(path).status_code in (404, 405), path


def test_a_fresh_desk_has_no_account(app: Flask) -> None:
    """Attack case O34."""
    with app.app_context():
        addresses = set(db.session.scalars(select(Account.email)))
    assert addresses == {ANNA, ADAM}  # those of this test
    for password in ("admin", "password", "changeme", ""):
        answer = Visitor(app).submit("/login", {"email": "admin", "password": password})
        assert answer.request.path == "/login"


def test_two_hundred_guesses_in_a_minute_are_stopped_and_the_owner_is_not(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack case O31, by both doors; O66: no header makes the guesser somebody else."""
    monkeypatch.setitem(app.config, "ATTEMPTS_UNLIMITED", False)
    client = app.test_client()
    by_token = [
        client.post(
            "/api/v1/security/login",
            json={"username": ANNA, "password": f"zgaduję-{number}", "provider": "db"},
            headers={"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.0.1.{number}"},
        ).status_code
        for number in range(200)
    ]
    assert by_token == [401] * 10 + [429] * 190
    assert Visitor(app).submit("/login", {"email": ANNA, "password": PASSWORD}).status_code == 429
    owner = Visitor(app)
    owner.environ_base = {**owner.environ_base, "REMOTE_ADDR": "198.51.100.7"}
    owner.submit("/login", {"email": ANNA, "password": PASSWORD})
    assert owner.get("/tickets/").status_code == 200
    with app.app_context():
        failed = select(AuditEntry).where(AuditEntry.kind == "sign_in_failed")
        held_up = db.session.scalars(failed.order_by(AuditEntry.id)).all()
    assert 10 < len(held_up) < 20
    assert held_up[-1].data["how"] == "too many"


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_password_of_polish_letters_is_the_same_in_every_normal_form(app: Flask, form: str) -> None:
    typed = unicodedata.normalize(form, PASSWORD)
    browser = Visitor(app)
    browser.submit("/login", {"email": ANNA, "password": typed})
    assert browser.get("/tickets/").status_code == 200
    answer = app.test_client().post("/api/v1/security/login", json={"username": ANNA, "password": typed})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "email",
    ["", "x", "@", ANNA + "x" * 300, "a(komentarz)b@klient.example", "ANNA@KLIENT.EXAMPLE\x00", "ż@ółw.example"],
)
def test_odd_addresses_are_answered_as_wrong_ones(app: Flask, email: str) -> None:
    page = Visitor(app).submit("/login", {"email": email, "password": PASSWORD})
    assert page.status_code == 200
    assert page.request.path == "/login"
    answer = app.test_client().post("/api/v1/security/login", json={"username": email, "password": PASSWORD})
    assert answer.status_code in (401, 422)


@pytest.mark.parametrize("path", ["/api/v1/ticket/?q=(((", "/api/v1/ticket/99999999999999999999"])
@pytest.mark.parametrize("door", ["key", "cookie"])
def test_what_cannot_be_read_is_refused(app: Flask, browser_of: Browser, path: str, door: str) -> None:
    """Attack case O65."""
    anna = browser_of(ANNA)
    headers = {}
    if door == "key":
        page = anna.submit("/profile/keys/new", {"name": "Raporty"}).text
        key = page.partition('class="secret"')[2].partition(">")[2].partition("<")[0]
        headers["Authorization"] = f"Bearer {key}"
    answer = anna.get(path, headers=headers)
    assert answer.status_code in ((400, 404) if door == "key" else (401, 404))
    assert set(answer.json) == REFUSED
