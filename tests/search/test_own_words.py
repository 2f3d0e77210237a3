"""Synonyms and ignored words of the desk's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.events.transaction import transaction
from app.extensions import db
from app.models.search_words import SearchWords, WordsAct
from tests.browsing import Visitor
from tests.search.conftest import Desk

FORM = "//form[.//*[@name='words']]"


def keep(act: WordsAct, words: str, *, active: bool = True) -> SearchWords:
    with transaction():
        row = SearchWords(act=act, words=words, active=active)
        db.session.add(row)
    return row


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.ticket("Taśmociąg stoi", "Od rana nic nie jedzie.")
    desk.ticket("Prasa stoi", "Podajnik blachy się zaciął.")
    desk.index()
    return desk


def test_a_synonym_counts_from_the_next_search_until_it_is_switched_off(filled: Desk) -> None:
    assert filled.numbers("przenośnik") == []
    row = keep(WordsAct.SAME, "przenośnik, taśmociąg, podajnik blachy")
    assert set(filled.numbers("przenosnika")) == {1001, 1002}
    assert set(filled.numbers("podajnikiem blachy")) == {1001, 1002}
    with transaction():
        db.session.get_one(SearchWords, row.id).active = False
    assert filled.numbers("przenośnik") == []


def test_an_ignored_word_is_not_looked_for(filled: Desk) -> None:
    assert filled.ask("ratunku prasa").loose
    keep(WordsAct.IGNORED, "ratunku, RATUJCIE")
    answer = filled.ask("Ratunku! ratujcie, prasa")
    assert [hit.ticket.number for hit in answer.hits if hit.ticket] == [1002]
    assert not answer.loose


@pytest.mark.parametrize(
    ("act", "words", "kept"),
    [
        ("same", " przenośnik ,taśmociąg,, taśmociąg ", "przenośnik, taśmociąg"),
        ("same", "sam", None), ("same", "?, !", None), ("same", "", None), ("same", "a, " + "b " * 6, None),
        ("same", ", ".join(f"n{n}" for n in range(21)), None), ("ignored", "dwa słowa", None),
        ("ignored", "pilne", "pilne"),
        ("other", "a, b", None),
    ],
)  # fmt: skip
def test_an_administrator_keeps_them(
    desk: Desk,
    browser_of: Callable[[str], Visitor],
    make_account: Callable[..., int],
    act: str,
    words: str,
    kept: str | None,
) -> None:
    make_account("adam@pomoc.example", role="administrator")
    adam = browser_of("adam@pomoc.example")
    answer = adam.submit("/desk/search-words/add", {"act": act, "words": words}, form=FORM)
    rows = [row.words for row in db.session.query(SearchWords)]
    assert rows == ([kept] if kept else [])
    if words.strip(" ,?!") and kept is None:
        assert " ".join(words.split())[:20] in " ".join(answer.text.split()), "nothing typed is lost"


def test_the_list_and_a_row_say_what_search_does_with_the_words(
    desk: Desk, browser_of: Callable[[str], Visitor], make_account: Callable[..., int]
) -> None:
    make_account("adam@pomoc.example", role="administrator")
    row = keep(WordsAct.SAME, "przenośnik, taśmociąg")
    adam = browser_of("adam@pomoc.example")
    for path in ("list/", f"show/{row.id}"):
        page = adam.get(f"/desk/search-words/{path}")
        assert page.status_code == 200
        assert "Znaczą to samo" in page.text
