"""A content type that an administrator makes is there at once; turning its switches loses nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browsing import Visitor
from tests.views.authors.test_entries import begin, send

Browser = Callable[[str], Visitor]
ADD = {"name_pl": "Znany problem", "name_en": "Known issue", "code": "known_issue"}
FORM = "//main//form[@method='post']"


@pytest.fixture
def adam(browser_of: Browser) -> Visitor:
    return browser_of("adam@pomoc.example")


def add(adam: Visitor, **values: object) -> str:
    return adam.submit("/desk/content-types/add", {**ADD, **values}, form=FORM).text


def test_a_new_type_is_written_at_once_by_whom_it_names(adam: Visitor, browser_of: Browser) -> None:
    assert "Typ treści jest gotowy" in add(adam, visibility="signed_in", writers=["translator"])
    jan, olga = browser_of("jan@pomoc.example"), browser_of("olga@pomoc.example")
    page = begin(olga, "Wydruk jest pusty", "known_issue")
    assert "Wydruk jest pusty" in olga.get("/desk/entries/?type=known_issue").text
    assert olga.page(page).xpath("//input[@name='visibility'][@checked]/@value") == ["signed_in"]
    assert "Znany problem" not in jan.get("/desk/entries/new").text


def test_bad_names_are_refused_with_what_to_do(adam: Visitor) -> None:
    assert "małymi literami od a do z" in add(adam, code="Known issue")
    assert "małymi literami od a do z" in add(adam, code="preview")
    assert "ma już inny typ" in add(adam, code="article")
    assert "Wypełnij to pole" in add(adam, name_pl="")


def test_a_type_that_asks_for_review_wants_another_editor(adam: Visitor, browser_of: Browser) -> None:
    add(adam, reviewed="y")
    olga, ola = browser_of("olga@pomoc.example"), browser_of("ola@pomoc.example")
    page = begin(olga, "Problem", "known_issue")
    assert "czyta ktoś inny" in send(olga, page, "/publish", body="Tekst")
    assert "Poproszono o sprawdzenie" in send(olga, page, body="Tekst", do="review")
    assert "czyta ktoś inny" in send(olga, page, "/publish")
    assert "Tekst jest opublikowany" in send(ola, page, "/publish")


def test_turning_switches_off_and_on_loses_nothing(adam: Visitor, browser_of: Browser) -> None:
    add(adam)
    olga = browser_of("olga@pomoc.example")
    page = begin(olga, "Problem", "known_issue")
    english = page.replace("/pl", "/en")
    send(olga, english, title="Issue")
    one_language = {"translated": None, "versioned": None}
    adam.submit("/desk/content-types/known_issue", one_language, form=FORM)
    assert olga.get(f"{page}/versions").status_code == 404
    assert "Issue" in olga.get(english).text
    second = begin(olga, "Inny", "known_issue")
    assert "tylko w jednym języku" in send(olga, second.replace("/pl", "/en"), title="Other")
    adam.submit("/desk/content-types/known_issue", {"translated": "y", "versioned": "y"}, form=FORM)
    assert olga.get(f"{page}/versions").status_code == 200
    assert "Szkic jest zapisany" in send(olga, second.replace("/pl", "/en"), title="Other")


def test_only_a_type_of_ones_own_without_entries_can_be_removed(adam: Visitor, browser_of: Browser) -> None:
    add(adam)
    page = begin(browser_of("olga@pomoc.example"), "Problem", "known_issue")
    remove = "//form[contains(@action,'/remove')]"
    assert not adam.page("/desk/content-types/article").xpath(remove)
    assert "nie można go usunąć" in adam.submit("/desk/content-types/known_issue", {}, form=remove).text
    add(adam, code="licence")
    assert "został usunięty" in adam.submit("/desk/content-types/licence", {}, form=remove).text
    assert browser_of("olga@pomoc.example").get(page).status_code == 200
