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
from app.views import listing
from tests.browsing import Visitor
from tests.fields.samples import a_field
from tests.views.authors.test_entries import begin, send

Browser = Callable[[str], Visitor]
OWNER = "entry:article"
SINCE = Definition("odwersji", OWNER, Kind.TEXT, name="since", labels={"pl": "Od wersji", "en": "Since version"})
COUNT = Definition("ilefirm1", OWNER, Kind.NUMBER, name="companies", labels={"pl": "Ile firm", "en": "Companies"})

NAMED = (("text", "edition"), ("number", "firms"))


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


def test_the_list_of_a_type_is_filtered_by_the_fields_that_its_reader_knows(
    olga: Visitor, browser_of: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition, firms = (a_field(kind, name, owner=OWNER, filterable=True) for kind, name in NAMED)
    areas = a_field("choices", "areas", owner=OWNER, filterable=True)
    inside = a_field("text", "inside", owner=OWNER, filterable=True, read_by=("auditor",))
    with app.app_context(), transaction():
        field_sets.publish([edition, firms, areas, inside], reason="próba", by=None)
    for title, since, count in (("Łódka", "24.3", "3"), ("Tratwa", "24.5", "12")):
        send(olga, begin(olga, title), **{f"f-{edition.id}": since, f"f-{firms.id}": count, f"f-{areas.id}": "small"})
    listed = "/desk/entries/?type=article"

    def titles(query: str, visitor: Visitor = olga) -> list[str]:
        return [link.text for link in visitor.page(f"{listed}{query}").xpath("//td[@class='subject']/a")]

    assert titles("&field.edition=24.3") == ["Łódka"]
    assert titles("&field.firms.from=4") == ["Tratwa"]
    assert titles("&field.firms.to=4&field.edition=24.3") == ["Łódka"]
    assert titles("&field.areas=small") == ["Tratwa", "Łódka"]
    assert titles("&field.areas=large") == []
    assert titles("&field.edition=24.3&state=published") == [], "of one and the same text"
    assert titles("&sort=field.firms") == titles("&sort=field.edition") == ["Łódka", "Tratwa"]
    assert titles("&sort=field.firms&language=en") == [], "which has no value there"
    assert olga.page(listed).xpath("//select[@id='sort']/option/@value") == ["", "field.edition", "field.firms"]
    send(olga, begin(olga, "Prom"), **{f"f-{edition.id}": "Łuk"})
    send(olga, begin(olga, "Kajak"), **{f"f-{edition.id}": "lód"})
    send(olga, begin(olga, "Kutr"), **{f"f-{edition.id}": "mur"})
    assert titles("&sort=field.edition") == ["Łódka", "Tratwa", "Kajak", "Prom", "Kutr"], "in Polish order"
    monkeypatch.setitem(listing.keyset_page.__kwdefaults__, "size", 2)
    following = "//a[@rel='next']/@href"
    [further] = olga.page(f"{listed}&sort=field.edition").xpath(following)
    shown = olga.page(further)
    assert [link.text for link in shown.xpath("//td[@class='subject']/a")] == ["Kajak", "Prom"]
    assert shown.xpath(following)
    for unknown in ("inside", "areas", "nothing"):
        assert f"„{unknown}”" in olga.page(f"{listed}&sort=field.{unknown}").text_content()
    for unknown in ("inside", "nothing"):
        page = olga.page(f"{listed}&field.{unknown}=x")
        assert not page.xpath("//td[@class='subject']")
        assert f"„{unknown}”" in page.xpath("//*[contains(@class, 'alert-danger')]")[0].text_content()
    assert not olga.page(listed).xpath("//input[@name='field.inside']")
    auditor = browser_of("audyt@pomoc.example")
    assert auditor.page(listed).xpath("//input[@name='field.inside']")
    assert "„edition”" in olga.page("/desk/entries/?field.edition=24.3").text_content(), "no type, no fields"
    assert titles("&field.firms.from=x") == []
