"""A form of the portal, its acknowledgement, an answer by letter with a file, and back in the portal (S4, S11-S14)."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from werkzeug.datastructures import FileStorage

from tests.browsing import text_of as page_text
from tests.journeys.conftest import CONSULTANT
from tests.journeys.post import Writer, language_of, link_in
from tests.journeys.web import Person, within
from tests.mail.letters import text_of
from tests.people import PASSWORD

SAYS = {
    "pl": {"new": "Nowe", "resolved": "Rozwiązane", "closed": "Zamknięte", "read": "Załączyłam zrzut ekranu."},
    "en": {"new": "New", "resolved": "Resolved", "closed": "Closed", "read": "I have attached a screenshot."},
}
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def anna(browser: Person, make_account: Callable[..., int], language: str) -> Person:
    make_account("anna@klient.example", organisation="Klient", name="Anna Nowak", locale=language, password=PASSWORD)
    browser.sign_in("anna@klient.example", PASSWORD)
    return browser


def state_on(person: Person, path: str) -> str:
    return page_text(person.page(path).xpath("//main//span[contains(@class,'state-')]")[0])


def test_a_form_goes_its_whole_way(
    anna: Person, customer: Writer, consultant: Person, consultants_post: Writer, language: str
) -> None:
    says = SAYS[language]
    choice = anna.page("/tickets/new").xpath("//main//a[contains(., 'DYNAMICS')]/@href")[0]
    anna.submit(choice, {"subject": "Faktura 7/2026", "text": "Nie drukuje się.", "files": picture("ekran.png")})
    assert anna.at == "/tickets/1001"
    assert state_on(anna, "/tickets/") == says["new"]

    acknowledgement = customer.one_letter()
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert acknowledgement["In-Reply-To"] is None
    assert language_of(acknowledgement) == language
    assert within(link_in(acknowledgement, "/tickets/")) == "/tickets/1001"

    notice = consultants_post.one_letter()
    page = consultant.page(within(link_in(notice, "/tickets/")))
    assert consultant.at == "/desk/tickets/1001"
    assert consultant.file(page.xpath("//ul[@class='files']//a/@href")[0]) == PICTURE
    reply = "//section[@id='reply']//form"
    consultant.submit(consultant.at, {"text": "Instrukcja w pliku.", "files": picture("krok 1.png")}, form=reply)

    answer = customer.one_letter()
    assert answer["Auto-Submitted"] is None
    assert answer["In-Reply-To"] == acknowledgement["Message-ID"]
    assert "Instrukcja w pliku." in text_of(answer)
    assert anna.file(within(link_in(answer, "/attachments/"))) == PICTURE

    anna.submit("/tickets/1001", {"text": says["read"]}, form="//form[contains(@action,'/reply')]")
    assert says["read"] in text_of(consultants_post.one_letter())
    by_letter = consultants_post.answer(consultants_post.read[-1], "Dziękuję, to był błąd 17.")
    by_letter_copy = customer.one_letter()
    assert by_letter_copy["In-Reply-To"] == by_letter["Message-ID"]

    consultant.submit("/desk/tickets/1001", {"text": "Naprawione.", "then": "resolved"}, form=reply)
    solution = customer.one_letter()
    assert "Naprawione." in text_of(solution)
    assert state_on(anna, within(link_in(solution, "/tickets/"))) == says["resolved"]
    anna.submit("/tickets/1001", {}, form="//form[contains(@action,'/accept')]")
    assert state_on(anna, "/tickets/?state=closed") == says["closed"]
    assert customer.news() == []
    assert "1001" in str(consultants_post.one_letter()["Subject"])

    spoken = [page_text(words) for words in anna.page("/tickets/1001").xpath("//div[@class='words']")]
    assert spoken == [
        "Nie drukuje się.",
        "Instrukcja w pliku.",
        says["read"],
        "Dziękuję, to był błąd 17.",
        "Naprawione.",
    ]


def picture(name: str) -> FileStorage:
    return FileStorage(io.BytesIO(PICTURE), filename=name)


def test_the_consultants_address_stays_his_own(
    anna: Person, customer: Writer, consultant: Person, consultants_post: Writer
) -> None:
    """Customers write to the mailbox of the product group, never to a person."""
    anna.submit("/tickets/new?group=1", {"subject": "Raport", "text": "Pusty."})
    consultants_post.answer(consultants_post.one_letter(), "Proszę odświeżyć.")
    assert len(customer.news()) == 2
    for letter in customer.read:
        assert CONSULTANT not in letter.as_string()
