"""A person's own page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.models.account import Account
from tests.browsing import Visitor, text_of
from tests.people import PASSWORD

Browser = Callable[[str], Visitor]
EMAIL = "anna@klient.example"
NEW_PASSWORD = "Siedem-rudych-lisów-7"


@pytest.fixture
def anna(make_account: Callable[..., int], browser_of: Browser) -> Visitor:
    make_account(EMAIL, name="Anna Nowak")
    return browser_of(EMAIL)


def account(app: Flask) -> Account:
    with app.app_context():
        query = select(Account).where(Account.email == EMAIL).options(selectinload(Account.roles))
        return db.session.scalars(query).unique().one()


def test_name_telephone_and_language_are_kept(app: Flask, anna: Visitor) -> None:
    values = {"first_name": "Ania", "last_name": "Lis", "telephone": "+48 11 222 33 44", "locale": "en"}
    answer = anna.submit("/profile/", values)
    assert "Your profile is saved." in answer.text
    assert 'lang="en"' in answer.text
    kept = account(app)
    assert (kept.name, kept.telephone, kept.locale) == ("Ania Lis", "+48 11 222 33 44", "en")


def test_light_or_dark_is_a_choice(anna: Visitor) -> None:
    assert "data-bs-theme" not in anna.get("/").text
    anna.submit("/profile/", {"theme": "dark"})
    assert '<html lang="pl" dir="ltr" data-bs-theme="dark">' in anna.get("/").text
    anna.submit("/profile/", {"theme": ""})
    assert "data-bs-theme" not in anna.get("/").text


def test_a_name_never_brings_a_new_line_into_a_letter(app: Flask, anna: Visitor) -> None:
    anna.submit("/profile/", {"first_name": "Ania\r\nBcc: x@zly.example\x00", "last_name": "\u202eLis"})
    assert account(app).name == "Ania Bcc: x@zly.example Lis"


@pytest.mark.parametrize(
    "values",
    [
        {"telephone": "javascript:alert(1)"},
        {"locale": "xx"},
        {"theme": "x"},
        {"first_name": "x" * 65},
        {"telephone": "1"},
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(app: Flask, anna: Visitor, values: dict[str, str]) -> None:
    answer = anna.submit("/profile/", values)
    assert 'aria-invalid="true"' in answer.text
    assert account(app).name == "Anna Nowak"


def test_nobody_gives_himself_a_role_or_an_address(app: Flask, anna: Visitor) -> None:
    form = anna.page("/profile/").xpath("//main//form")[0]
    values = dict(form.form_values())
    anna.post("/profile/", data={**values, "email": "x@y.example", "roles": "5", "active": "", "id": "999"})
    kept = account(app)
    assert [role.name for role in kept.roles] == ["customer"]
    assert kept.active


def test_other_browsers_can_be_signed_out(anna: Visitor, browser_of: Browser) -> None:
    other = browser_of(EMAIL)
    assert len(anna.page("/profile/").xpath("//section[@aria-labelledby='sessions-heading']//li")) == 2
    anna.submit("/profile/", {}, form="//form[contains(@action,'end-others')]")
    assert other.get("/tickets/").status_code == 302
    assert anna.get("/tickets/").status_code == 200


@pytest.mark.parametrize("role", ["consultant", "translator", "editor", "administrator", "auditor"])
def test_every_role_has_its_page(make_account: Callable[..., int], browser_of: Browser, role: str) -> None:
    make_account("ktos@desk.example", role=role)
    assert "ktos@desk.example" in text_of(browser_of("ktos@desk.example").page("/profile/"))


def test_a_stranger_signs_in_first(client: Visitor) -> None:
    assert "/login?next=" in client.get("/profile/").location


def test_a_new_password_ends_every_other_session(
    make_account: Callable[..., int], browser_of: Browser, client: Visitor
) -> None:
    make_account("ola@klient.example", password=PASSWORD)
    other, mine = browser_of("ola@klient.example"), browser_of("ola@klient.example")
    values = {"password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_confirm": NEW_PASSWORD}
    mine.submit("/change", values)
    assert len(mine.page("/profile/").xpath("//section[@aria-labelledby='sessions-heading']//li")) == 1
    assert other.get("/tickets/").status_code == 302
    client.submit("/login", {"email": "ola@klient.example", "password": NEW_PASSWORD})
    assert client.get("/tickets/").status_code == 200


def test_a_wrong_old_password_changes_nothing(make_account: Callable[..., int], browser_of: Browser) -> None:
    make_account("ola@klient.example", password=PASSWORD)
    mine, other = browser_of("ola@klient.example"), browser_of("ola@klient.example")
    values = {"password": "nie to", "new_password": NEW_PASSWORD, "new_password_confirm": NEW_PASSWORD}
    assert 'aria-invalid="true"' in mine.submit("/change", values).text
    assert other.get("/tickets/").status_code == 200
