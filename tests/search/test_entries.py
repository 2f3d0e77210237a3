"""What is written for readers is found by them and by nobody else, in whichever language and at once."""

from __future__ import annotations

import pytest

from app.content.entries import Readers, put_in_bin, set_readers, take_out_of_bin
from app.content.publishing import withdraw
from app.models.entry import Entry, Visibility
from app.models.organisation import Organisation
from tests.people import group_named
from tests.search.conftest import ANNA, KAROL, NOBODY, STRANGER, Desk
from tests.search.test_index import destroy

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
READERS = {
    Visibility.EVERYONE: {NOBODY, ANNA, STRANGER, KAROL},
    Visibility.SIGNED_IN: {ANNA, STRANGER, KAROL},
    Visibility.ORGANISATIONS: {ANNA, KAROL},
    Visibility.CONSULTANTS: {KAROL},
}


def klient() -> Organisation:
    from app.extensions import db

    return db.session.query(Organisation).filter_by(name="Klient").one()


@pytest.mark.parametrize("whole", [True, False])
def test_each_reader_finds_what_is_for_him(desk: Desk, whole: bool) -> None:
    for visibility in Visibility:
        chosen = (klient(),) if visibility == Visibility.ORGANISATIONS else ()
        desk.article(f"Wiolonczela {visibility}", "Obój gra.", readers=Readers(visibility, chosen))
    desk.index()
    if not whole:
        destroy()
    for who in (NOBODY, ANNA, STRANGER, KAROL):
        found = set(desk.titles("wiolonczela", who))
        assert found == {f"Wiolonczela {visibility}" for visibility, readers in READERS.items() if who in readers}
        assert desk.ask("wiolonczela", who).count == len(found)


def test_no_word_is_suggested_from_what_is_for_others(desk: Desk) -> None:
    desk.article("Kontrabas", readers=Readers(Visibility.CONSULTANTS))
    desk.index()
    assert desk.ask("kontrabass", NOBODY).suggestion is None
    assert desk.ask("kontrabass", ANNA).suggestion is None
    assert desk.ask("kontrabass", KAROL).suggestion == "kontrabas"


def test_a_late_index_gives_nothing_away(desk: Desk) -> None:
    row = desk.article("Wiolonczela")
    desk.index()
    acts = (lambda entry: withdraw(entry.source), put_in_bin, lambda entry: set_readers(entry, STAFF_ONLY))
    for act in reversed(acts):
        desk.entry(row, act)
        answer = desk.ask("wiolonczela", NOBODY)
        assert (answer.hits, answer.count, answer.facets) == ([], 0, {})


STAFF_ONLY = Readers(Visibility.CONSULTANTS)


def test_the_index_follows_every_change(desk: Desk) -> None:
    desk.article("Kontrabas")  # an index that is empty is no index
    row = desk.article("Wiolonczela", english="Cello")
    desk.index()
    assert desk.titles("cello", NOBODY, language="en") == ["Cello"]

    def rename_groups(entry: Entry) -> None:
        entry.groups = [group_named("TARGIT")]

    desk.entry(row, rename_groups)
    desk.index()
    assert desk.ask("cello", NOBODY).facets["product_groups"] == {str(group_named("TARGIT").id): 1}
    desk.entry(row, lambda entry: withdraw(entry.variant("en") or entry.source))
    desk.index()
    assert desk.titles("cello", NOBODY) == []
    assert desk.titles("wiolonczela", NOBODY) == ["Wiolonczela"]
    desk.entry(row, put_in_bin)
    desk.index()
    desk.entry(row, take_out_of_bin)
    assert desk.titles("wiolonczela", NOBODY) == []  # the index does not know it yet
    desk.index()
    assert desk.titles("wiolonczela", NOBODY) == ["Wiolonczela"]


def test_a_text_is_shown_in_the_readers_language_or_in_the_one_that_was_meant(desk: Desk) -> None:
    desk.article("Wiolonczela nie gra", english="The cello is silent")
    desk.index()
    assert desk.titles("cello wiolonczela", NOBODY) == ["Wiolonczela nie gra"]
    assert desk.titles("cello wiolonczela", NOBODY, language="en") == ["The cello is silent"]
    assert desk.titles("silent", NOBODY) == ["The cello is silent"]
    assert desk.ask("cello", NOBODY).count == 1


def test_what_is_in_the_readers_language_comes_first(desk: Desk) -> None:
    desk.article("Azure", "wspólne")
    with_english = desk.article("Azure", "wspólne", english="Azure")
    desk.index()
    assert desk.ask("azure", NOBODY, language="en").hits[0].key.id == with_english


def test_markdown_is_read_as_words(desk: Desk) -> None:
    desk.article(
        "Drukarka",
        "Otwórz **panel** [sterowania](https://klient.example/x).\n\n| Kod | Sens |\n|---|---|\n| E7 | papier |",
    )
    desk.index()
    assert desk.titles("panel sterowania", NOBODY) == ["Drukarka"]
    assert desk.titles("E7", NOBODY) == ["Drukarka"]
    said = "".join(text for text, _marked in desk.ask("panel", NOBODY).hits[0].excerpt)
    assert said.startswith("Otwórz panel sterowania.")
