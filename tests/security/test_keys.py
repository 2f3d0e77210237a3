"""API keys: made in a browser, shown once, kept as hashes, narrow, ended at once (attack cases O20, O30)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import keys, sessions
from app.accounts.registration import find_account
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account, AccountSession
from app.models.account_key import AccountKey
from app.models.audit import AuditEntry
from app.models.event import Letter
from app.models.types import utc_now
from tests.browsing import Visitor, text_of
from tests.people import PASSWORD
from tests.views.api.described import REFUSED

Browser = Callable[[str], Visitor]
ANNA, BOSS, ADAM = "anna@klient.example", "szef@klient.example", "adam@pomoc.example"
TICKETS = "/api/v1/ticket/"


@pytest.fixture(autouse=True)
def people(make_account: Callable[..., int]) -> None:
    make_account(ANNA, organisation="Klient", password=PASSWORD)
    make_account(BOSS, organisation="Klient", sharing="manager")
    make_account(ADAM, role="administrator")


@pytest.fixture
def anna(browser_of: Browser) -> Visitor:
    return browser_of(ANNA)


def made(browser: Visitor, name: str = "Raporty", scope: str = "read", **more: str) -> str:
    """Make a key by the form; the key as the page shows it."""
    answer = browser.submit("/profile/keys/new", {"name": name, "scope": scope, **more})
    assert answer.status_code == 200
    return str(answer.text.partition('<code class="secret"')[2].partition(">")[2].partition("<")[0])


def ask(app: Flask, key: str, path: str = TICKETS, **body: Any) -> TestResponse:
    """Ask by the key; with a body, POST it."""
    client = app.test_client()
    headers = {"Authorization": f"Bearer {key}"}
    return client.post(path, json=body, headers=headers) if body else client.get(path, headers=headers)


def change(app: Flask, act: Callable[[Account], object]) -> None:
    with app.app_context(), transaction():
        account = find_account(ANNA)
        assert account is not None
        act(account)


def audited(app: Flask, kind: str) -> list[tuple[str, str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == kind).order_by(AuditEntry.id))
        return [(row.who, row.about, row.data.get("name", "")) for row in rows]


def test_a_key_opens_what_its_owner_may_see_and_is_told_as_used(app: Flask, anna: Visitor) -> None:
    key = made(anna, scope="write")
    assert key.startswith("bilety_")
    assert ask(app, key, subject="Faktury", text="Nie działa", product_group=1).status_code == 201
    assert [row["subject"] for row in ask(app, key).json["result"]] == ["Faktury"]
    page = text_of(anna.page("/profile/keys/"))
    assert "Raporty" in page
    assert "127.0.0.1" in page
    assert key not in page


def test_only_the_hash_of_a_key_is_kept(app: Flask, anna: Visitor) -> None:
    key = made(anna)
    with app.app_context():
        row = db.session.scalars(select(AccountKey)).one()
        assert row.key_hash == hashlib.sha256(key.encode()).hexdigest()
        rows = [row, *db.session.scalars(select(AuditEntry))]
        values = [str(value) for each in rows for value in vars(each).values()]
    assert not [value for value in values if key[len(row.hint) :] in value]


def test_a_key_that_reads_changes_nothing(app: Flask, anna: Visitor) -> None:
    key = made(anna)
    assert ask(app, key).status_code == 200
    answer = ask(app, key, subject="Faktury", text="Nie działa", product_group=1)
    assert (answer.status_code, set(answer.json)) == (403, REFUSED)
    assert ask(app, key).json["count"] == 0


@pytest.mark.parametrize("key", ["bilety_", "bilety_" + "a" * 43, "bilety_" + "a" * 10_000, "bilety_ąę", "x", ""])
def test_what_is_no_key_is_a_stranger(app: Flask, anna: Visitor, key: str) -> None:
    assert ask(app, made(anna)).status_code == 200
    answer = ask(app, key.encode().decode("latin-1"))
    assert (answer.status_code, set(answer.json)) == (401, REFUSED)


def test_a_key_is_whom_it_names_whatever_cookie_comes_along(app: Flask, anna: Visitor, browser_of: Browser) -> None:
    key = made(anna)
    answer = browser_of(ADAM).get("/api/v1/journal/", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 403


def test_a_key_opens_no_page(app: Flask, anna: Visitor) -> None:
    key = made(anna, scope="write")
    for path in ("/tickets/", "/profile/keys/", "/profile/keys/new"):
        assert "/login" in app.test_client().get(path, headers={"Authorization": f"Bearer {key}"}).location


ENDINGS: dict[str, Callable[[Account], object]] = {
    "it expires": lambda account: setattr(keys.of(account)[0], "expires_at", utc_now() - timedelta(seconds=1)),
    "the account is deactivated": lambda account: setattr(account, "active", False),
    "the address is not confirmed": lambda account: setattr(account, "confirmed_at", None),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_a_key_is_good_no_more_when(app: Flask, anna: Visitor, what: str) -> None:
    key = made(anna)
    assert ask(app, key).status_code == 200
    change(app, ENDINGS[what])
    assert ask(app, key).status_code == 401


def test_its_owner_revokes_a_key(app: Flask, anna: Visitor) -> None:
    key, kept = made(anna), made(anna, "Inny program")
    anna.submit("/profile/keys/", {}, form="//li[contains(., 'Raporty')]//form[contains(@action, 'revoke')]")
    assert ask(app, key).status_code == 401
    assert ask(app, kept).status_code == 200
    assert audited(app, "key_made") == [(ANNA, ANNA, "Raporty"), (ANNA, ANNA, "Inny program")]
    assert audited(app, "key_ended") == [(ANNA, ANNA, "Raporty")]


def test_nobody_revokes_the_key_of_another(app: Flask, anna: Visitor, browser_of: Browser) -> None:
    key = made(anna)
    boss = browser_of(BOSS)
    made(boss, "Swój")
    form = boss.page("/profile/keys/").xpath("//li//form")[0]
    token = dict(form.form_values())
    foreign, missing = (boss.post(f"/profile/keys/{pk}/revoke", data=token) for pk in (1, 999))
    assert foreign.status_code == missing.status_code == 404
    assert boss.post("/desk/keys/show/1/revoke", data=token).status_code == 403
    assert boss.get("/desk/keys/list/").status_code == 403
    assert ask(app, key).status_code == 200


def test_an_administrator_revokes_a_key(app: Flask, anna: Visitor, browser_of: Browser) -> None:
    key = made(anna)
    adam = browser_of(ADAM)
    assert key not in adam.page("/desk/keys/show/1").text_content()
    adam.submit("/desk/keys/show/1", {}, form="//form[contains(@action, 'revoke')]")
    assert ask(app, key).status_code == 401
    assert audited(app, "key_ended") == [(ADAM, ANNA, "Raporty")]


def test_whoever_deactivates_or_removes_somebody_ends_his_keys(app: Flask, anna: Visitor, browser_of: Browser) -> None:
    key = made(anna)
    browser_of(BOSS).submit("/colleagues/", {}, form="//form[contains(@action, 'remove')]")
    assert ask(app, key).status_code == 401
    key = made(browser_of(ANNA))
    adam = browser_of(ADAM)
    adam.submit("/desk/customers/edit/1", {"active": None})
    adam.submit("/desk/customers/edit/1", {"active": "y"})
    assert ask(app, key).status_code == 401


def test_a_key_is_made_by_who_has_just_signed_in(app: Flask, anna: Visitor) -> None:
    with anna.session_transaction() as kept:
        kept["fs_paa"] -= 24 * 3600
    assert "/verify" in anna.get("/profile/keys/new").location
    token = {"csrf_token": anna.page("/profile/").xpath("//input[@name='csrf_token']")[0].get("value")}
    assert "/verify" in (anna.post("/profile/keys/new", data={"name": "x", **token}).location or "")
    back = anna.submit("/profile/keys/new", {"password": PASSWORD}, form="//main//form")
    assert back.request.path == "/profile/keys/new"
    assert ask(app, made(anna)).status_code == 200


@pytest.mark.parametrize(
    "values",
    [{"name": ""}, {"name": "x" * 81}, {"scope": "all"}, {"days": "4000"}, {"days": "-1"}, {"name": "Raporty"}],
)
def test_what_does_not_fit_is_refused_and_nothing_typed_is_lost(anna: Visitor, values: dict[str, str]) -> None:
    made(anna)
    answer = anna.submit("/profile/keys/new", {"name": "Nowy program", **values})
    assert 'class="secret"' not in answer.text
    assert "invalid-feedback" in answer.text
    if "name" not in values:
        assert "Nowy program" in answer.text


def test_nobody_has_more_keys_than_he_can_look_after(anna: Visitor) -> None:
    for number in range(keys.MOST_KEYS):
        assert made(anna, f"Program {number}")
    assert not made(anna, "O jeden za dużo")


def test_the_owner_hears_of_a_new_key(app: Flask, anna: Visitor) -> None:
    made(anna)
    with app.app_context():
        letters = db.session.scalars(select(Letter)).all()
        assert [(letter.template, letter.account.email) for letter in letters] == [("key_made", ANNA)]


def test_guessing_keys_is_slowed_down(app: Flask, anna: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    key = made(anna)
    monkeypatch.setitem(app.config, "ATTEMPTS_UNLIMITED", False)
    statuses = [ask(app, f"bilety_{number}").status_code for number in range(31)]
    assert statuses == [401] * 30 + [429]
    other = app.test_client().get(
        TICKETS, headers={"Authorization": f"Bearer {key}"}, environ_overrides={"REMOTE_ADDR": "10.1.2.3"}
    )
    assert other.status_code == 200


def test_a_program_that_asks_too_much_waits(app: Flask, anna: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    from limits import parse

    key, other = made(anna), made(anna, "Inny program")
    monkeypatch.setitem(app.config, "ATTEMPTS_UNLIMITED", False)
    monkeypatch.setattr("app.accounts.limits.CALLS", parse("3 per minute"))
    assert [ask(app, key).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask(app, other).status_code == 200


# Tokens (JWT), which a password buys.
def token(app: Flask, email: str = ANNA, password: str = PASSWORD, **more: Any) -> TestResponse:
    return app.test_client().post(
        "/api/v1/security/login", json={"username": email, "password": password, "provider": "db", **more}
    )


TOKEN_ENDINGS: dict[str, Callable[[Account], object]] = {
    "the account is deactivated": lambda account: setattr(account, "active", False),
    "all is signed out": sessions.end_all,
}


@pytest.mark.parametrize("what", TOKEN_ENDINGS)
def test_a_token_and_its_refreshing_end_when(app: Flask, what: str) -> None:
    given = token(app, refresh=True).json
    assert ask(app, given["access_token"]).status_code == 200
    change(app, TOKEN_ENDINGS[what])
    assert ask(app, given["access_token"]).status_code == 401
    refreshing = {"Authorization": f"Bearer {given['refresh_token']}"}
    assert app.test_client().post("/api/v1/security/refresh", headers=refreshing).status_code == 401


def test_a_new_password_ends_tokens_and_spares_keys(app: Flask, anna: Visitor) -> None:
    """Attack case O30. Whoever changes his password knows it; whoever resets it may have lost the account."""
    given, key = token(app).json["access_token"], made(anna)
    new = "Siedem-rudych-lisów-7"
    anna.submit("/change", {"password": PASSWORD, "new_password": new, "new_password_confirm": new})
    assert ask(app, given).status_code == 401
    assert ask(app, key).status_code == 200


def test_signing_out_everywhere_else_ends_tokens(app: Flask, anna: Visitor) -> None:
    given = token(app).json["access_token"]
    anna.submit("/profile/", {}, form="//form[contains(@action, 'end-others')]")
    assert ask(app, given).status_code == 401
    assert anna.get("/tickets/").status_code == 200


def test_the_door_for_tokens_says_the_same_to_every_stranger(app: Flask, make_account: Callable[..., int]) -> None:
    make_account("nowa@klient.example", registered=False)
    said = set()
    for email in (ANNA, "nowa@klient.example", "nikt@klient.example", "x"):
        answer = token(app, email, "nie to hasło")
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        said.add(answer.text)
        assert "hasło" in answer.json["message"]
    assert len(said) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "x"},
        {"username": 1, "password": []},
        {"username": "x", "password": "y", "role": "z"},
        {"username": "\ud800", "password": "x"},
    ],
)
def test_the_door_for_tokens_names_what_it_does_not_take(
    app: Flask, monkeypatch: pytest.MonkeyPatch, body: dict[str, Any]
) -> None:
    monkeypatch.setitem(app.config, "ATTEMPTS_UNLIMITED", False)
    answer = app.test_client().post("/api/v1/security/login", json=body)
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_a_token_is_not_given_around_a_second_step(app: Flask) -> None:
    change(app, lambda account: setattr(account, "tf_primary_method", "authenticator"))
    answer = token(app)
    assert (answer.status_code, set(answer.json)) == (401, REFUSED)
    assert "klucz" in answer.json["message"]
    assert token(app, password="nie to").json["message"] != answer.json["message"]


def test_every_sign_in_of_a_program_is_in_the_log(app: Flask) -> None:
    token(app)
    token(app, password="nie to")
    with app.app_context():
        rows = db.session.execute(select(AuditEntry.kind, AuditEntry.who).order_by(AuditEntry.id)).all()
        assert not db.session.scalars(select(AccountSession)).all()
    assert [tuple(row) for row in rows] == [("signed_in", ANNA), ("sign_in_failed", ANNA)]


def test_every_route_of_the_api_takes_keys(app: Flask, browser_of: Browser) -> None:
    """By cookie nothing answers but search and the menu; by key everything that answers a token."""
    key = made(browser_of(ADAM), scope="write")
    known = {"SecurityApi.login", "SecurityApi.refresh"}
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/") or rule.endpoint in known or "GET" not in (rule.methods or ()):
            continue
        path = re.sub(r"<[^>]*>", "999", rule.rule.replace("<version>", "v1"))
        answer = ask(app, key, path)
        assert answer.status_code in (200, 400, 404), f"{path}: {answer.status_code}"


def test_where_keys_go_in_the_folder_of_letters_no_key_is(app: Flask, anna: Visitor, outgoing: Path) -> None:
    from app.jobs.drain import drain_in

    key = made(anna)
    drain_in(app, "letters")
    assert outgoing.exists()
    assert not [path for path in outgoing.iterdir() if key in path.read_text()]
