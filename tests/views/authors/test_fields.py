"""Fields of a content type stand in its form, are checked there, and belong to a text's versions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.desk import field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Kind
from app.models.entry import Variant
from tests.browsing import Visitor
from tests.views.authors.test_entries import begin, send

Browser = Callable[[str], Visitor]
OWNER = "entry:article"
SINCE = Definition("odwersji", OWNER, Kind.TEXT, name="since", labels={"pl": "Od wersji", "en": "Since version"})
COUNT = Definition("ilefirm1", OWNER, Kind.NUMBER, name="companies", labels={"pl": "Ile firm", "en": "Companies"})


@pytest.fixture
def olga(app: Flask, browser_of: Browser) -> Visitor:
    with app.app_context(), transaction():
        field_sets.publish([SINCE, COUNT], reason="próba", by=None)
    return browser_of("olga@pomoc.example")


def text_of_first() -> Variant:
    return db.session.get_one(Variant, 1)


def test_values_are_kept_published_and_restored_with_the_words(olga: Visitor, app: Flask) -> None:
    page = begin(olga)
    shown = send(olga, page, body="Tekst", **{"f-odwersji": "24.3", "f-ilefirm1": "dużo"})
    assert "Od wersji" in shown
    assert "dużo" in shown
    assert "Ile firm" in shown
    with app.app_context():
        assert text_of_first().version == 1
    send(olga, page, "/publish", **{"f-odwersji": "24.3", "f-ilefirm1": "3"})
    send(olga, page, **{"f-odwersji": "24.5"})
    with app.app_context():
        text = text_of_first()
        assert (text.version, text.fields["odwersji"]) == (3, "24.5")
        assert text.published is not None
        assert text.published.fields["odwersji"] == "24.3"
        assert text.published.fields["ilefirm1"] == 3
    english = page.replace("/pl", "/en")
    send(olga, english, title="Boat", **{"f-odwersji": "24.3"})
    assert 'value="24.3"' in olga.get(english).text


def test_who_only_reads_sees_them_as_facts(olga: Visitor, browser_of: Browser) -> None:
    page = begin(olga)
    send(olga, page, **{"f-odwersji": "24.3"})
    shown = browser_of("audyt@pomoc.example").get(page).text
    assert "Od wersji" in shown
    assert "24.3" in shown
    assert "f-odwersji" not in shown
