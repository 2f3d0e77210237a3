"""A third language as data: offered at once, English where nothing is said yet, forms and dates of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale, ngettext

from app.catalogs import live, translating
from app.catalogs.plurals import forms
from app.catalogs.sources import sources
from app.events.record import owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.locale import SPOKEN, when
from app.mail.compose import compose
from app.models.account import Account
from app.models.event import Letter
from tests.browsing import Visitor, text_of
from tests.views.translate.conftest import ADAM, ANNA, Browser

NUMBERS = "/desk/translations/numbers"
PAGES = ("/", "/contact", "/login", "/register", "/articles/", "/search?q=x", "/nowhere")
SIGNED_IN = ("/tickets/", "/tickets/new", "/profile/", "/profile/keys/")
AT_DESK = (
    "/desk/tickets/list/", "/desk/states/", "/desk/roles/", "/desk/entries/", "/desk/readers/", "/desk/calls/",
    "/desk/audit/list/", "/desk/fields/", "/desk/calendars/list/", "/desk/translations/", "/desk/translations/letters/",
)  # fmt: skip
DE = {"Contact": "Kontakt aufnehmen", "Sign in": "Anmelden", "Home": "Start"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEPT_SECONDS", 0.0)


@pytest.fixture
def german(app: Flask, once: Callable[[str, Callable[[], object]], None]) -> None:
    """German is offered, and three hundred sentences are said in it."""
    once("german", _speak_german)
    with app.app_context():
        live.look()


def _speak_german() -> None:
    with transaction():
        translating.add_language("de")
        count = 0
        for source in sources().values():
            plain = source.plural is None and "%" not in source.msgid and "{" not in source.msgid
            if source.msgid in DE or (plain and count < 300 and "<" not in source.msgid):
                said = DE.get(source.msgid, f"ä{source.msgid}")
                translating.save(source, "de", [said], by=None)
                count += 1


def test_pages_speak_it_and_fall_back_to_english(german: None, client: Visitor) -> None:
    assert SPOKEN["de"] == "Deutsch"
    client.get("/lang/de")
    page = client.page("/contact")
    assert (page.get("lang"), page.get("dir")) == ("de", "ltr")
    assert "Kontakt aufnehmen" in text_of(page)
    assert page.xpath("string(//body/a[1]/span[@lang='en'])") == "Skip to the content"
    assert "Kontakt aufnehmen" in client.get("/contact?_l_=de", headers={"Accept-Language": "en"}).text


def test_every_kind_of_page_stands_in_it(german: None, browser_of: Browser, client: Visitor) -> None:
    for browser, paths in ((client, PAGES), (browser_of(ANNA), SIGNED_IN), (browser_of(ADAM), AT_DESK)):
        browser.get("/lang/de")
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code in (200, 404), path
            assert '<html lang="de" dir="ltr"' in answer.text, path
            assert '<span lang="en">' in answer.text, path
            assert not set("".join(live.FALLEN)) & set(answer.text), path


def test_an_account_and_its_letters_speak_it(app: Flask, german: None, browser_of: Browser) -> None:
    browser_of(ANNA).submit("/profile/", {"locale": "de"}, form="//form[.//select[@name='locale']]")
    with app.app_context(), transaction():
        account = db.session.query(Account).filter_by(email=ANNA).one()
        assert account.locale == "de"
        owe_letter("password_changed", account=account, reason="account")
        db.session.flush()
        letter = compose(db.session.query(Letter).order_by(Letter.id.desc()).first())
    assert "password" in letter.subject.lower()


def test_forms_and_dates_are_those_of_the_language(app: Flask, browser_of: Browser) -> None:
    browser_of(ADAM).submit(NUMBERS, {"add": "uk"}, form="//form[.//select[@name='add']]")
    rows = next(source for source in sources().values() if source.msgid == "%(num)d row")
    with app.app_context():
        with transaction():
            translating.save(rows, "uk", ["%(num)d рядок", "%(num)d рядки", "%(num)d рядків"], by=None)
        live.look()
        with force_locale("uk"):
            found = [ngettext("%(num)d row", "%(num)d rows", number) for number in (1, 2, 5, 21, 22, 111)]
            assert "листопада" in when(datetime(2026, 11, 27, 9, tzinfo=UTC), "long")
    assert found == ["1 рядок", "2 рядки", "5 рядків", "21 рядок", "22 рядки", "111 рядків"]
    assert len(forms("uk")) == 3


def test_a_language_from_right_to_left_says_so(browser_of: Browser, client: Visitor) -> None:
    browser_of(ADAM).submit(NUMBERS, {"add": "ar"}, form="//form[.//select[@name='add']]")
    client.get("/lang/ar")
    page = client.page("/contact")
    assert page.get("dir") == "rtl"
    assert page.xpath("string(//body/a[1]/span[@lang='en'][@dir='ltr'])") == "Skip to the content"


def test_what_is_missing_is_said_in_the_english_of_this_desk(app: Flask, german: None, client: Visitor) -> None:
    whole = next(source for source in sources().values() if source.msgid == "Skip to the content")
    with app.app_context(), transaction():
        translating.save(whole, "en", ["Go to the content"], by=None)
    for code, marked in (("de", True), ("en", False)):
        client.get(f"/lang/{code}")
        link = client.page("/contact").xpath("//body/a[1]")[0]
        assert (text_of(link), bool(link.xpath("./span[@lang]"))) == ("Go to the content", marked)


def test_it_is_taken_away_and_its_texts_stay_for_when_it_is_added_again(
    german: None, browser_of: Browser, client: Visitor
) -> None:
    client.get("/lang/de")
    adam = browser_of(ADAM)
    adam.submit(NUMBERS, {"remove": "de"}, form="//form[.//button[@name='remove']]")
    assert client.page("/contact").get("lang") in ("pl", "en")
    adam.submit(NUMBERS, {"add": "de"}, form="//form[.//select[@name='add']]")
    assert "Kontakt aufnehmen" in text_of(client.page("/contact"))


@pytest.mark.parametrize("code", ["", "xx", "pl", "de_DE", "../x", "root"])
def test_what_is_no_language_is_not_added(browser_of: Browser, client: Visitor, code: str) -> None:
    adam = browser_of(ADAM)
    token = adam.page(NUMBERS).xpath("//input[@name='csrf_token']/@value")[0]
    adam.post("/desk/translations/languages", data={"csrf_token": token, "add": code})
    assert set(SPOKEN) == {"pl", "en"}


def test_only_administrators_add_languages(tom: Visitor) -> None:
    token = tom.page("/profile/").xpath("//input[@name='csrf_token']/@value")[0]
    answer = tom.post("/desk/translations/languages", data={"csrf_token": token, "add": "de"})
    assert answer.status_code == 403
