"""A letter, its acknowledgement, a reply, an answer, a reply to that, the solution, the end (S5, S16, S19-S26)."""

from __future__ import annotations

from email.message import EmailMessage

from lxml.html import HtmlElement

from tests.browsing import text_of as page_text
from tests.journeys.post import Writer, check_headers, language_of, references
from tests.journeys.web import Person
from tests.mail.letters import text_of

MAILBOX = "PomocDYNAMICS@pomoc.example"
DESK_PAGE = "/desk/tickets/1001"
SAYS = {
    "pl": {
        "subject": "Zażółć gęślą jaźń: raport nie działa",
        "report": "Dzień dobry,\n\nraport sprzedaży jest pusty i nie wiem, co z tym zrobić.",
        "more": "Dodam, że wczoraj jeszcze działał.",
        "still": "Odświeżyłam i już działa, dziękuję.",
    },
    "en": {
        "subject": "Sales report does not work",
        "report": "Hello,\n\nthe sales report is empty and I do not know what to do with it.",
        "more": "I should add that it worked yesterday.",
        "still": "I have refreshed it and now it works, thank you.",
    },
}
THANKS = {"pl": "Dziękujemy za zgłoszenie", "en": "Thank you for your report"}
ANSWER = "Proszę odświeżyć dane: Dane > Odśwież wszystko. <b>Nie</b> zamykać okna."


def test_a_letter_goes_its_whole_way(
    customer: Writer, consultants_post: Writer, consultant: Person, language: str
) -> None:
    says = SAYS[language]

    report = customer.write(MAILBOX, says["subject"], says["report"])
    acknowledgement = acknowledged(customer, report, language)
    notice = consultants_post.one_letter()
    check_headers(notice, consultants_post, answers=report, automatic="auto-generated", beside=customer)
    assert says["report"].splitlines()[-1] in " ".join(text_of(notice).split())

    more = customer.answer(acknowledgement, says["more"])
    assert customer.news() == []
    assert says["more"] in text_of(consultants_post.one_letter())

    consultant.submit(DESK_PAGE, {"text": ANSWER}, form="//section[@id='reply']//form")
    answer = customer.one_letter()
    check_headers(answer, customer, answers=more, automatic=None)
    assert ANSWER in " ".join(text_of(answer).split())
    assert language_of(answer) == language

    still = customer.answer(answer, says["still"])
    assert customer.news() == []
    assert says["still"] in text_of(consultants_post.one_letter())
    page = consultant.page(DESK_PAGE)
    assert own_words(page) == [" ".join(says["report"].split()), says["more"], ANSWER, says["still"]]
    assert "Proszę odświeżyć dane" in page_text(page.xpath("//article[last()]//div[@class='more']")[0])

    consultant.submit(DESK_PAGE, {}, form="//form[contains(@action,'/resolve')]")
    check_headers(customer.one_letter(), customer, answers=still, automatic="auto-generated")
    consultant.submit(DESK_PAGE, {}, form="//form[contains(@action,'/close')]")
    check_headers(closed := customer.one_letter(), customer, answers=still, automatic="auto-generated")
    assert page_text(state_badge(consultant)) == "Zamknięte"
    assert consultants_post.news() == []
    assert len(set(customer.known_ids())) == len(customer.known_ids()) == 8
    assert references(closed)[0] == report["Message-ID"]

    customer.answer(closed, says["more"])
    assert customer.news() == []
    assert says["more"] in text_of(consultants_post.one_letter())
    assert page_text(state_badge(consultant)) == "W realizacji"


def acknowledged(customer: Writer, report: EmailMessage, language: str) -> EmailMessage:
    """The acknowledgement of a first letter (S16, S9); somebody unknown is invited to the portal beside it (S17)."""
    letters = customer.news()
    acknowledgement, invitation = sorted(letters, key=lambda letter: str(letter["Auto-Submitted"]), reverse=True)
    check_headers(acknowledgement, customer, answers=report, automatic="auto-replied")
    check_headers(invitation, customer, answers=report, automatic="auto-generated")
    assert "/confirm/" in text_of(invitation)
    assert THANKS[language] in text_of(acknowledgement)
    for letter in letters:
        assert language_of(letter) == language
        assert "#1001" in text_of(letter)
    return acknowledgement


def own_words(page: HtmlElement) -> list[str]:
    """What each message of the conversation says; quotes and signatures are folded."""
    return [page_text(words) for words in page.xpath("//article//div[@class='words']")]


def state_badge(consultant: Person) -> HtmlElement:
    return consultant.page(DESK_PAGE).xpath("//div[@class='page-head']//span[contains(@class,'state-')]")[0]
