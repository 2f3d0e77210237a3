"""A customer reports, reads, answers, closes; and meets a closed door where a ticket is not his."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.browsing import Visitor, filled_in, text_of

Browser = Callable[[str], Visitor]


@pytest.fixture
def people(make_account: Callable[..., int]) -> None:
    make_account("anna@klient.example", organisation="Klient", name="Anna Nowak")
    make_account("piotr@klient.example", organisation="Klient", name="Piotr Lis")
    make_account("obcy@inny.example", organisation="Inny")


@pytest.fixture
def anna(people: None, browser_of: Browser) -> Visitor:
    return browser_of("anna@klient.example")


def report(browser: Visitor, subject: str = "Raport jest pusty", **values: object) -> None:
    answer = browser.submit("/tickets/new?group=1", {"subject": subject, "text": "Nic nie ma.", **values})
    assert answer.status_code == 200
    assert subject in answer.text


def test_a_customer_reports_and_finds_it_in_his_list(anna: Visitor) -> None:
    report(anna)
    assert "#1001" in text_of(anna.page("/tickets/"))
    assert "Raport jest pusty" in text_of(anna.page("/"))


def test_the_form_is_chosen_by_product_group(anna: Visitor) -> None:
    page = anna.page("/tickets/new")
    assert [link.text_content() for link in page.xpath("//main//a[contains(@href,'group=')]")] == [
        "DYNAMICS",
        "PROPHIX",
        "TARGIT",
        "POWER BI",
    ]


def test_nothing_typed_is_lost_when_a_field_is_missing(anna: Visitor) -> None:
    answer = anna.submit("/tickets/new?group=1", {"subject": "", "text": "Długi opis"})
    assert "Długi opis" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_the_same_form_sent_twice_makes_one_ticket(anna: Visitor) -> None:
    page = anna.page("/tickets/new?group=1")
    form = page.xpath("//main//form")[0]
    for _time in range(2):
        answer = anna.send(form, "/tickets/new?group=1", {"subject": "Raz", "text": "Opis"})
        assert "#1001" in answer.text
    assert "#1002" not in text_of(anna.page("/tickets/"))


def test_a_file_goes_with_the_ticket_and_comes_back_whole(anna: Visitor) -> None:
    report(anna, files=[(io.BytesIO("zażółć".encode()), "../../żółć.txt")])
    link = anna.page("/tickets/1001").xpath("//ul[@class='files']//a")[0]
    with anna.get(link.get("href")) as answer:
        assert answer.data == "zażółć".encode()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "żółć.txt" in link.text_content()


def test_a_file_over_the_limit_is_refused_with_a_sentence_and_the_text_stays(anna: Visitor) -> None:
    answer = anna.submit(
        "/tickets/new?group=1",
        {"subject": "Duży", "text": "Opis", "files": [(io.BytesIO(b"x" * (20 * 2**20 + 1)), "a.bin")]},
    )
    assert "a.bin" in answer.text
    assert "Opis" in answer.text


def test_the_conversation_goes_on_and_ends(anna: Visitor) -> None:
    report(anna)
    anna.submit("/tickets/1001", {"text": "Jeszcze coś"}, form="//form[contains(@action,'reply')]")
    assert "Jeszcze coś" in text_of(anna.page("/tickets/1001"))
    anna.submit("/tickets/1001", {}, form="//form[contains(@action,'close')]")
    assert anna.page("/tickets/1001").xpath("//span[contains(@class,'state-closed')]")
    anna.submit("/tickets/1001", {}, form="//form[contains(@action,'reopen')]")
    assert not anna.page("/tickets/1001").xpath("//span[contains(@class,'state-closed')]")


def test_an_empty_reply_is_refused_kindly(anna: Visitor) -> None:
    report(anna)
    answer = anna.submit("/tickets/1001", {"text": " "}, form="//form[contains(@action,'reply')]")
    assert 'role="alert"' in answer.text


def test_a_colleague_sees_it_and_a_stranger_does_not(anna: Visitor, browser_of: Browser) -> None:
    report(anna)
    piotr = browser_of("piotr@klient.example")
    assert "Raport jest pusty" in text_of(piotr.page("/tickets/"))
    assert "Nie masz otwartych zgłoszeń" in text_of(piotr.page("/")), "what he reported himself stands there"
    stranger = browser_of("obcy@inny.example")
    assert "Raport jest pusty" not in text_of(stranger.page("/tickets/"))
    assert stranger.get("/tickets/1001").status_code == stranger.get("/tickets/999999").status_code == 404
    assert stranger.get("/tickets/1001").data == stranger.get("/tickets/1001").data


def test_a_stranger_gets_no_file(anna: Visitor, browser_of: Browser) -> None:
    report(anna, files=[(io.BytesIO(b"x"), "a.txt")])
    assert browser_of("obcy@inny.example").get("/attachments/1/a.txt").status_code == 404


def test_somebody_not_signed_in_is_sent_to_sign_in_and_back(client: Visitor) -> None:
    answer = client.get("/tickets/?state=new")
    assert answer.status_code == 302
    assert "/login?next=" in answer.location


@pytest.mark.parametrize(
    "address",
    [
        "/tickets/?state=nonsense&group=x&since=2026-13-45&until=%00&sort=evil&after=abc&before=~",
        "/tickets/?after=2026-01-01T00:00:00~99999999999999999999",
        "/tickets/?sort=number&after=99999999999999999999~1",
    ],
)
def test_filters_that_mean_nothing_are_left_out(anna: Visitor, address: str) -> None:
    assert anna.get(address).status_code == 200


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "-1", "abc"])
def test_an_impossible_number_is_a_missing_page(anna: Visitor, number: str) -> None:
    assert anna.get(f"/tickets/{number}").status_code == 404


def test_pages_follow_each_other_without_gaps_or_repeats(app: Flask, anna: Visitor) -> None:
    from sqlalchemy import select

    from app.desk import tickets
    from app.desk.content import Contribution
    from app.events.transaction import transaction
    from app.extensions import db
    from app.models.account import Account
    from app.models.product_group import ProductGroup
    from app.models.ticket import Channel

    with app.app_context(), transaction():
        requester = db.session.scalars(select(Account).where(Account.email == "anna@klient.example")).one()
        group = db.session.get_one(ProductGroup, 1)
        for number in range(60):
            words = Contribution(text="x", channel=Channel.PORTAL)
            tickets.open_ticket(
                requester=requester, product_group=group, subject=f"T{number}", contribution=words, by=requester
            )
    seen: list[str] = []
    address = "/tickets/"
    back = []
    while address:
        page = anna.page(address)
        seen += [cell.text_content() for cell in page.xpath("//tbody/tr/td[1]")]
        older = page.xpath("//a[@rel='next']/@href")
        back += page.xpath("//a[@rel='prev']/@href")
        address = older[0] if older else ""
    assert len(seen) == len(set(seen)) == 60
    first = [cell.text_content() for cell in anna.page(back[0]).xpath("//tbody/tr/td[1]")]
    assert first == seen[:25]


def test_words_of_a_customer_never_become_markup(anna: Visitor) -> None:
    anna.submit("/tickets/new?group=1", {"subject": "<script>alert(1)</script>", "text": "<img src=x onerror=y>"})
    page = anna.get("/tickets/1001").text
    assert "<script>alert(1)" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_a_form_without_its_token_is_refused_with_advice(anna: Visitor) -> None:
    report(anna)
    answer = anna.post("/tickets/1001/close")
    assert answer.status_code == 400
    assert anna.page("/tickets/1001").xpath("//form[contains(@action,'close')]")


def test_search_finds_what_is_mine_in_any_form_of_the_word(app: Flask, anna: Visitor, browser_of: Browser) -> None:
    from tests.mail.letters import work

    report(anna, subject="Brak faktur w raporcie")
    work(app)
    assert "#1001" in text_of(anna.page("/search?q=faktura"))
    assert "#1001" in text_of(anna.page("/search?q=1001"))
    assert "#1001" not in text_of(browser_of("obcy@inny.example").page("/search?q=faktura"))


def test_a_form_that_is_sent_twice_at_the_same_instant_makes_one_ticket(app: Flask, anna: Visitor) -> None:
    form = anna.page("/tickets/new?group=1").xpath("//main//form")[0]
    _method, target, data = filled_in(form, "/tickets/new?group=1", {"subject": "Raz", "text": "Opis"})
    start = threading.Barrier(2)
    found: list[str] = []

    def send() -> None:
        browser = Visitor(app)
        browser._cookies = anna._cookies.copy()
        start.wait()
        found.append(browser.post(target, data=data).location)

    clicks = [threading.Thread(target=send) for _click in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert found == ["/tickets/1001"] * 2
    assert "#1002" not in text_of(anna.page("/tickets/"))


def test_a_reply_that_is_sent_again_is_one_message(app: Flask, anna: Visitor) -> None:
    """The answer to the first was lost. The same words are another message once something was said between."""
    report(anna)
    form = anna.page("/tickets/1001").xpath("//form[@action='/tickets/1001/reply']")[0]
    said = (("Ok", False), ("Ok", False), ("Ok", True), ("Ok", True), ("Nie", False), ("Ok", False))
    places = []
    for text, has_file in said:
        files = [(io.BytesIO(b"x"), "a.txt")] if has_file else []
        places.append(anna.send(form, "/tickets/1001", {"text": text, "files": files}, follow=False).location)
    assert places == [f"/tickets/1001#m{number}" for number in (2, 2, 3, 3, 4, 5)]


def test_who_writes_while_the_database_is_away_is_told_where_his_words_are(
    anna: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(anna)

    def away(*_given: object, **_more: object) -> None:
        raise OperationalError("", {}, OSError("database or disk is full"))

    monkeypatch.setattr("app.desk.tickets.customer_reply", away)
    answer = anna.submit("/tickets/1001", {"text": "Słowa"}, form="//form[@action='/tickets/1001/reply']")
    assert answer.status_code == 503
    assert "Wróć: przeglądarka może jeszcze mieć napisany tekst." in answer.text


def test_who_goes_back_and_writes_something_else_loses_no_word(anna: Visitor) -> None:
    form = anna.page("/tickets/new?group=1").xpath("//main//form")[0]
    anna.send(form, "/tickets/new?group=1", {"subject": "Raport", "text": "Pierwszy"})
    anna.send(form, "/tickets/new?group=1", {"subject": "Raport", "text": "Drugi"})
    with_file = {"subject": "Raport", "text": "Drugi", "files": [(io.BytesIO(b"x"), "a.txt")]}
    anna.send(form, "/tickets/new?group=1", with_file)
    assert [text_of(anna.page(f"/tickets/{n}").xpath("//div[@class='words']")[0]) for n in (1001, 1002, 1003)] == [
        "Pierwszy",
        "Drugi",
        "Drugi",
    ]
