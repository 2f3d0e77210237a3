"""Links that open accounts: told by no log, good for one end only, leading nowhere else (attack cases O25, O27)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask, request

from app import logs
from app.accounts import links
from app.accounts.registration import find_account
from app.events.transaction import transaction
from app.models.invitation import Purpose
from tests.browsing import Visitor
from tests.people import PASSWORD

ANNA = "anna@klient.example"
NEW_PASSWORD = "Siedem-rudych-lisów-7"
TOKEN = "aB3-_dE6gH9jK2mN5pQ8sT1vW4yZ7bD0fG3iL6oR9u0"


@pytest.fixture(autouse=True)
def people(make_account: Callable[..., int]) -> None:
    make_account(ANNA, password=PASSWORD)


def reset_link(app: Flask) -> str:
    with app.app_context(), transaction():
        account = find_account(ANNA)
        assert account is not None
        return links.make(Purpose.RESET, account)


@pytest.mark.parametrize(
    "line",
    [
        f"/confirm/{TOKEN}",
        f"/reset/{TOKEN}?x=1",
        f"/invitation/{TOKEN}",
        f'"GET /confirm/{TOKEN} HTTP/1.1" 200 "http://localhost:8000/reset/{TOKEN}" "Mozilla"',
        f"Authorization: Bearer {TOKEN}",
        f"key bilety_{TOKEN}",
    ],
)
def test_no_line_of_a_log_opens_an_account(line: str, caplog: pytest.LogCaptureFixture) -> None:
    logs.install()
    logging.getLogger("gunicorn.access").warning("%s and %s", line, "more")
    assert TOKEN not in caplog.text
    assert "more" in caplog.text
    assert line.partition(TOKEN)[0].strip('"') in caplog.text


def test_lines_without_secrets_stay_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    logs.install()
    logging.getLogger("x").warning("GET /confirm and %d of /tickets/1001", 3)
    assert "GET /confirm and 3 of /tickets/1001" in caplog.text


def test_an_error_on_such_a_page_tells_no_link(
    app: Flask, client: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(token: str) -> None:
        raise RuntimeError(f"{request.url} is broken")

    monkeypatch.setitem(app.view_functions, "security.reset_password", fail)
    assert client.get(f"/reset/{TOKEN}").status_code == 500
    assert "/reset/" in caplog.text
    assert "is broken" in caplog.text
    assert TOKEN not in caplog.text


def test_the_page_behind_a_link_tells_its_address_to_nobody(app: Flask, client: Visitor) -> None:
    answer = client.get(reset_link(app))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]


ENDINGS = ("it was used", "another was asked for", "the password was changed")


@pytest.mark.parametrize("what", ENDINGS)
def test_a_link_is_good_no_more_when(app: Flask, browser_of: Callable[[str], Visitor], what: str) -> None:
    """Attack case O25."""
    path = reset_link(app)
    if what == ENDINGS[0]:
        Visitor(app).submit(path, {"password": NEW_PASSWORD, "password_confirm": NEW_PASSWORD})
    elif what == ENDINGS[1]:
        reset_link(app)
    else:
        values = {"password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_confirm": NEW_PASSWORD}
        browser_of(ANNA).submit("/change", values)
    assert Visitor(app).get(path).status_code == 410


@pytest.mark.parametrize(
    "target",
    [
        "//zly.example",
        "/\\zly.example",
        "https:zly.example",
        "///zly.example",
        "/%5czly.example",
        "http://127.0.0.1:5000@zly.example",
        "javascript:alert(1)",
        "http://zly.example/",
        "/\t/zly.example",
        "\\\\zly.example",
    ],
)
def test_no_door_leads_to_another_site(app: Flask, target: str) -> None:
    """Attack case O27."""
    browser = Visitor(app)
    page = browser.get("/login", query_string={"next": target})
    assert page.status_code == 200
    token = page.text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    values = {"email": ANNA, "password": PASSWORD, "next": target, "csrf_token": token}
    answers = [
        browser.post("/login", query_string={"next": target}, data=values),
        browser.get("/lang/en", query_string={"next": target}, headers={"Referer": "http://zly.example/"}),
        browser.get("/login", query_string={"next": target}),
        browser.get("/fab/login/", query_string={"next": target}),
    ]
    for answer in answers:
        place = answer.headers.get("Location", "/").replace("\\", "/").replace("\t", "")  # as browsers read it
        led_to = urlsplit(urljoin("http://localhost/login", place))
        assert (led_to.scheme, led_to.netloc) == ("http", "localhost"), place
