"""The page and the API of search."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from lxml import html
from sqlalchemy.exc import OperationalError

from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.views import seeking
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


def test_a_stranger_finds_articles_and_no_tickets(filled: Desk, client: Visitor) -> None:
    filled.article("Drukarka milczy")
    filled.index()
    page = client.page("/search?q=drukarce&state=new&kind=ticket")
    assert not page.xpath("//main//article")
    page = client.page("/search?q=drukarce")
    assert [link.get("href") for link in page.xpath("//main//article//a")] == ["/articles/pl/drukarka-milczy"]


def test_the_page_groups_what_is_found(filled: Desk, browser_of: Browser) -> None:
    filled.article("Drukarka milczy")
    filled.article("Drukarka: przerwa", kind="notice")
    filled.index()
    browser = browser_of(ANNA)
    page = browser.page("/search?q=drukarce")
    groups = [
        sorted(link.get("href") for link in group.xpath(".//article//h3/a")) for group in page.xpath("//main//section")
    ]
    assert groups == [["/articles/pl/drukarka-milczy", "/content/notice/pl/drukarka-przerwa"], ["/tickets/1001"]]
    for kind, count in (("ticket", 1), ("article", 1), ("notice", 1), ("texts", 2), ("", 3)):
        assert len(browser.page(f"/search?q=drukarce&kind={kind}").xpath("//main//article")) == count
    assert browser.get("/content/notice/pl/drukarka-przerwa").status_code == 200
    assert browser.get("/content/article/pl/drukarka-milczy").location == "/articles/pl/drukarka-milczy"


def said(browser: Visitor, typed: str) -> str:
    """The headings and the people that a search shows."""
    page = browser.page("/search?" + urlencode({"q": typed}))
    return " ".join(page.xpath("//main//section//text()"))


@pytest.fixture
def zofia(make_account: Callable[..., int], context: None) -> None:
    """A customer whose name has Polish letters."""
    make_account("zofia.slowik@zielony.example", organisation="Zielony Młyn")
    with transaction():
        found = db.session.query(Account).filter_by(email="zofia.slowik@zielony.example").one()
        found.first_name, found.last_name = "Zofia", "Słowik-Żak"


@pytest.mark.parametrize("typed", ["slowik", "ŻAK", "zofia slow", "zielony.example", "SŁOWIK"])
def test_a_consultant_finds_customers_by_a_part(filled: Desk, browser_of: Browser, zofia: None, typed: str) -> None:
    assert "Słowik-Żak" in said(browser_of(KAROL), typed)


@pytest.mark.parametrize("typed", ["mlyn", "zielony młyn", "zielony.example"])
def test_a_consultant_finds_organisations(filled: Desk, browser_of: Browser, zofia: None, typed: str) -> None:
    assert "Zielony Młyn" in said(browser_of(KAROL), typed)


@pytest.mark.parametrize("typed", ["%", "_", '"', "a' OR 1=1"])
def test_signs_of_the_database_stand_for_themselves(filled: Desk, browser_of: Browser, zofia: None, typed: str) -> None:
    assert "Słowik" not in said(browser_of(KAROL), typed)


def test_a_customer_finds_no_people(filled: Desk, browser_of: Browser, zofia: None) -> None:
    assert "Młyn" not in said(browser_of(ANNA), "zielony młyn")


def test_the_api_finds_people_for_whom_the_page_does(filled: Desk, browser_of: Browser, zofia: None) -> None:
    people = browser_of(KAROL).get("/api/v1/search/?q=zielony").get_json()["people"]
    assert [(row["kind"], row["name"], row["url"].split("/")[2]) for row in people] == [
        ("organisation", "Zielony Młyn", "organisations"),
        ("account", "Zofia Słowik-Żak", "customers"),
    ]
    assert all(browser_of(KAROL).get(row["url"]).status_code == 200 for row in people)
    for narrowed in ("&status=new", "&page=1"):
        assert browser_of(KAROL).get(f"/api/v1/search/?q=zielony{narrowed}").get_json()["people"] == []


def test_the_api_finds_no_people_for_a_customer(filled: Desk, browser_of: Browser, zofia: None) -> None:
    assert browser_of(ANNA).get("/api/v1/search/?q=zielony").get_json()["people"] == []


def test_the_page_is_narrowed_by_who_asked_and_when(filled: Desk, browser_of: Browser) -> None:
    page = browser_of(KAROL).page("/search?q=drukarce")
    page = browser_of(KAROL).page(page.xpath("//a[@data-count-later]/@href")[0])  # as the filters are opened
    anna = filled.ids[ANNA]
    assert [option.text for option in page.xpath(f"//select[@id='author']/option[@value='{anna}']")] != []
    this_year = page.xpath("//select[@id='date']/option/@value")[-1]
    assert len(browser_of(KAROL).page(f"/search?q=drukarce&author={anna}&date={this_year}").xpath("//article")) == 1
    assert browser_of(KAROL).page("/search?q=drukarce&date=2001-01").xpath("//main//article") == []
    assert browser_of(KAROL).get("/search?q=drukarce&author=x&date=1%27").status_code == 200


FOUND = ["Nie drukuje się <b>faktura</b>"]


@pytest.mark.parametrize(
    ("typed", "who", "offered"),
    [
        ("druk", ANNA, ["drukuje", "drukarka", *FOUND]),
        ("stoi DRUK", ANNA, ["stoi drukuje", "stoi drukarka", *FOUND]),
        *(("drukarka s", ANNA, FOUND), ("1001", ANNA, FOUND), ("anna", KAROL, ["anna@klient.example"])),
        *(("druk", STRANGER, []), ("1001", STRANGER, []), ("dr", ANNA, []), ("", ANNA, []), ("anna", ANNA, [])),
    ],
)
def test_what_is_typed_finds_and_goes_on_by_what_may_be_read(
    filled: Desk, browser_of: Browser, typed: str, who: str, offered: list[str]
) -> None:
    page = html.fragment_fromstring(browser_of(who).get("/search/typing?" + urlencode({"q": typed})).text)
    words = [option.text_content().strip().removeprefix("#1001 ") for option in page.xpath("//*[@role='option']")]
    assert [said.rpartition(", ")[2] for said in words] == offered


def test_the_list_under_the_box_leads_to_what_it_names(filled: Desk, browser_of: Browser) -> None:
    filled.article("Drukarka milczy")
    filled.index()
    for narrowed, url in (("", "/desk/tickets/1001"), ("&kind=texts", "/articles/pl/drukarka-milczy")):
        page = html.fragment_fromstring(browser_of(KAROL).get(f"/search/typing?q=drukar{narrowed}").text)
        assert page.xpath("//*[@role='option']/@href")[-1] == url
        assert "3 propozycje" in page.get("data-said") or narrowed


def test_a_mended_word_is_not_mixed_with_what_has_it_as_typed(filled: Desk, browser_of: Browser) -> None:
    filled.article("Inna sprawa")
    filled.ticket("Anna dzwoni")
    filled.index()
    page = browser_of(ANNA).page("/search?q=anna")
    assert [link.get("href") for link in page.xpath("//main//article//a")] == ["/tickets/1002"]


def test_the_api_gives_articles_too(filled: Desk, browser_of: Browser) -> None:
    filled.article("Drukarka milczy")
    filled.index()
    answer = browser_of(ANNA).get("/api/v1/search/?q=drukarce").get_json()
    assert answer["facets"]["kind"] == {"ticket": 1, "article": 1}
    assert {hit["url"] for hit in answer["result"]} == {"/tickets/1001", "/articles/pl/drukarka-milczy"}
    answer = browser_of(ANNA).get("/api/v1/search/?q=drukarce&kind=article").get_json()
    assert [(hit["kind"], hit["title"]) for hit in answer["result"]] == [("article", "Drukarka milczy")]


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
    "query",
    [
        *("", "?q=", "?q=%20", f"?q={'a' * 401}", "?q=x&page=-1", "?q=x&page=1e9", "?q=x&page_size=101"),
        *("?q=x&q=y", "?q=x&limit=5", "?q=x&author=anna", "?q=x&product_group=-1", "?q=x&language=xx"),
        *("?q=x&date=today", "?q=x&kind=ticket&kind=article"),
    ],
)
def test_bad_input_is_said_in_the_readers_language(desk: Desk, browser_of: Browser, query: str) -> None:
    answer = browser_of(ANNA).get(f"/api/v1/search/{query}")
    assert answer.status_code == 400
    assert answer.get_json()["message"]


def test_the_page_answers_also_where_the_search_cannot_be_counted(
    filled: Desk, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_given: object, **_named: object) -> None:
        raise OperationalError("UPDATE", None, Exception("database is locked"))

    monkeypatch.setattr(seeking, "note_search", locked)
    assert browser_of(ANNA).page("/search?q=drukarce").xpath("//main//article")
