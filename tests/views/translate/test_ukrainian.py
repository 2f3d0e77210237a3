"""A third language end to end: names of rows, texts for readers, letters and accounts in Ukrainian."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.catalogs import live
from app.desk import field_sets
from app.events.record import owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Kind, Option
from app.models.product_group import ProductGroup
from tests.browsing import Visitor, text_of
from tests.mail.desk import account, letter_to, notify, open_ticket
from tests.mail.test_compose import composed, part
from tests.views.admin.test_fields import publish
from tests.views.authors.test_entries import begin, send
from tests.views.translate.conftest import ADAM, ANNA, Browser

NUMBERS = "/desk/translations/numbers"
SHIFT = "b" * 32
SAVED = "Zapisano"


@pytest.fixture(autouse=True)
def ukrainian(
    app: Flask, browser_of: Browser, make_account: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ukrainian is offered, and Anna reads it."""
    monkeypatch.setattr(live, "KEPT_SECONDS", 0.0)
    browser_of(ADAM).submit(NUMBERS, {"add": "uk"}, form="//form[.//select[@name='add']]")
    make_account("olga@desk.example", role="editor")
    browser_of(ANNA).submit("/profile/", {"locale": "uk"}, form="//form[.//select[@name='locale']]")


@pytest.fixture
def dynamics(app: Flask) -> int:
    with app.app_context():
        return db.session.query(ProductGroup).filter_by(name="DYNAMICS").one().id


def open_ticket_of_anna(app: Flask) -> None:
    with app.app_context():
        open_ticket(requester=ANNA, arrived_at=datetime(2026, 11, 27, 9, tzinfo=UTC))


def say(browser: Visitor, kind: str, **values: str) -> None:
    """Name rows of the kind in Ukrainian."""
    page, sent = f"/desk/translations/names/{kind}?language=uk", {f"uk.{key}": text for key, text in values.items()}
    assert SAVED in browser.submit(page, sent, form="//form[.//table]").text


def test_names_of_rows_are_said_in_it_and_fall_back_to_english(
    app: Flask, dynamics: int, tom: Visitor, browser_of: Browser
) -> None:
    with app.app_context(), transaction():
        options = (Option("a", {"pl": "Rano", "en": "Morning"}), Option("b", {"pl": "Noc", "en": "Night"}))
        shift = Definition(SHIFT, "ticket", Kind.CHOICE, "shift", {"pl": "Zmiana", "en": "Shift"}, options=options)
        field_sets.publish([shift], reason="Zmiany", by=None)
    say(tom, "states", open="В роботі", new="Нова", closed="Закрита")
    say(tom, "groups", **{str(dynamics): "ДИНАМІКС"})
    say(tom, "fields", **{f"{SHIFT}.labels": "Зміна", f"{SHIFT}.option.a": "Ранок"})
    anna, adam = browser_of(ANNA), browser_of(ADAM)
    form = f"/tickets/new?group={dynamics}"
    for words in ("ДИНАМІКС", "Зміна", "Ранок", "Night"):
        assert words in text_of(anna.page(form))
    open_ticket_of_anna(app)
    assert "Нова" in text_of(anna.page("/tickets/"))
    assert "Нова" not in text_of(adam.page("/desk/tickets/list/"))
    publish(adam, f"/desk/fields/{SHIFT}", label_pl="Zmiana robocza")
    assert "Зміна" in text_of(anna.page(form)), "what an administrator changes keeps what translators said"
    assert "Ранок" in text_of(anna.page(form))


def test_a_text_for_readers_is_translated_into_it(tom: Visitor, browser_of: Browser, client: Visitor) -> None:
    olga, anna = browser_of("olga@desk.example"), browser_of(ANNA)
    page = begin(olga, "Drukarka nie działa")
    send(olga, page, "/publish", body="Włącz ją.", visibility="everyone")
    assert "Drukarka nie działa" in text_of(anna.page("/articles/"))
    assert "Українська" in text_of(tom.page(page))
    uk = page.replace("/pl", "/uk")
    send(tom, uk, title="Принтер не працює", body="Увімкніть його.")
    assert "Принтер" not in text_of(anna.page("/articles/"))
    send(olga, uk, "/publish")
    link = anna.page("/articles/").xpath("//a[contains(., 'Принтер не працює')]/@href")[0]
    assert "Увімкніть його" in text_of(anna.page(link))
    assert "Drukarka nie działa" in text_of(client.page("/articles/"))
    assert tom.get(page.replace("/pl", "/de")).status_code == 404
    one = f"/api/v1/content/article/{page.split('/')[3]}"
    answer = client.get(f"{one}?language=uk")
    assert (answer.json["result"]["title"], answer.json["fallback"]) == ("Принтер не працює", None)
    assert client.get(f"{one}?language=de").status_code == 422
    assert "Принтер не працює" in client.get("/articles/uk/feed.xml").text


def test_letters_go_out_in_it_with_its_dates(app: Flask, dynamics: int, tom: Visitor) -> None:
    words = "Заявку {{ number }} отримано\n\nМи отримали її {{ arrived }}."
    letter = "/desk/translations/letters/acknowledgement/uk"
    assert SAVED in tom.submit(letter, {"source": words}, form="//form[.//textarea[@name='source']]").text
    with app.app_context():
        with transaction():
            db.session.get_one(ProductGroup, dynamics).names = {"uk": "ДИНАМІКС"}
        open_ticket(requester=ANNA, arrived_at=datetime(2026, 11, 27, 9, tzinfo=UTC))
        notify()
        text = part(composed(letter_to(ANNA, "acknowledgement")))
        with transaction():
            owe_letter("password_changed", account=account(ANNA), reason="account")
        other = part(composed(letter_to(ANNA, "password_changed")), "html")
    assert '<html lang="en"' in other, "a letter that is not written in it is English as a whole"
    assert "Ми отримали її 27 листопада 2026" in text
    assert "ДИНАМІКС" in text
