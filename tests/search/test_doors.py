"""The page and the API of search."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browsing import Visitor
from tests.search.conftest import ANNA, KAROL, STRANGER, Desk

Browser = Callable[[str], Visitor]


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.ticket("Nie drukuje się <b>faktura</b>", "Drukarka <script>alert(1)</script> stoi.")
    desk.index()
    return desk


def test_the_page_finds_marks_and_escapes(filled: Desk, browser_of: Browser) -> None:
    page = browser_of(ANNA).page("/search?q=fakturze+drukarce")
    assert {mark.text for mark in page.xpath("//main//mark")} == {"faktura", "Drukarka"}
    assert not page.xpath("//main//script|//main//b")
    assert page.xpath("//main//a[contains(@href, '/tickets/1001')]")


def test_the_page_offers_what_was_meant(filled: Desk, browser_of: Browser) -> None:
    link = browser_of(ANNA).page("/search?q=drukarkka").xpath("//main//a[contains(@href, 'q=drukarka')]")
    assert link[0].text == "drukarka"


def test_an_empty_box_and_an_empty_answer_are_pages(filled: Desk, browser_of: Browser) -> None:
    browser = browser_of(ANNA)
    browser.page("/search")
    assert browser.page("/search?q=nieznane&page=-7&state=x&group=y").xpath("//main//a[@href='/tickets/new']")


def test_a_stranger_signs_in_first(client: Visitor) -> None:
    assert "/login" in client.get("/search?q=x").location


@pytest.mark.parametrize("who", [ANNA, KAROL])
def test_the_api_answers_a_browser(filled: Desk, browser_of: Browser, who: str) -> None:
    answer = browser_of(who).get("/api/v1/search/?q=drukarce").get_json()
    assert answer["count"] == 1
    assert answer["result"][0].items() >= {"kind": "ticket", "id": 1, "url": "/tickets/1001"}.items()
    assert answer["facets"]["status"] == {"new": 1}
    assert answer["suggestion"] is None


def test_the_api_hides_what_is_closed(filled: Desk, browser_of: Browser) -> None:
    answer = browser_of(STRANGER).get("/api/v1/search/?q=drukarce").get_json()
    assert (answer["count"], answer["result"]) == (0, [])


def test_the_api_answers_a_token(make_account: Callable[..., int], client: Visitor) -> None:
    make_account("api@pomoc.example", role="consultant", groups=("DYNAMICS",), password="Zielona-trawa-9-krow")
    assert client.get("/api/v1/search/?q=x").status_code == 401
    login = {"username": "api@pomoc.example", "password": "Zielona-trawa-9-krow", "provider": "db"}
    token = client.post("/api/v1/security/login", json=login).get_json()["access_token"]
    answer = client.get("/api/v1/search/?q=x", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer.get_json()["count"] == 0


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=%20", f"?q={'a' * 401}", "?q=x&page=-1", "?q=x&page=1e9", "?q=x&page_size=101"]
)
def test_bad_input_is_said_in_the_readers_language(desk: Desk, browser_of: Browser, query: str) -> None:
    answer = browser_of(ANNA).get(f"/api/v1/search/{query}")
    assert answer.status_code == 400
    assert answer.get_json()["message"]
