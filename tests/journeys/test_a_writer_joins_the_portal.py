"""Somebody writes letters first, registers later, and finds all that he has written (S1-S3, S17)."""

from __future__ import annotations

from tests.browsing import text_of as page_text
from tests.journeys.post import Writer, language_of, link_in
from tests.journeys.web import Person, within
from tests.mail.letters import text_of
from tests.people import PASSWORD

BUTTON = {"pl": "ZAAKCEPTUJ ZAPROSZENIE", "en": "ACCEPT THE INVITATION"}
REPORT = {"pl": "Dzień dobry, raport jest pusty.", "en": "Hello, the report is empty."}
LATER = {"pl": "Nadal jest pusty.", "en": "It is still empty."}
PASSWORDS = {"password": PASSWORD, "password_confirm": PASSWORD}


def test_who_registers_finds_the_tickets_that_he_had_written_as_letters(
    klient: None, customer: Writer, browser: Person, consultant: Person, consultants_post: Writer, language: str
) -> None:
    customer.write("pomocdynamics@pomoc.example", "Raport 1", REPORT[language])
    customer.write("PomocTARGIT@pomoc.example", "Raport 2", REPORT[language])
    customer.news()
    support = browser.page("/contact").xpath("//section[@id='support']")[0]
    browser.submit(support.xpath(".//a[contains(@href,'register')]/@href")[0], {"email": "Anna@KLIENT.example"})

    invitation = customer.one_letter()
    assert BUTTON[language] in text_of(invitation)
    assert language_of(invitation) == language
    assert browser.page("/tickets/").xpath("//input[@type='password']")  # the sign-in page
    browser.submit(link_in(invitation, "/confirm/"), PASSWORDS)

    page = page_text(browser.page("/tickets/"))
    assert "Raport 1" in page
    assert "Raport 2" in page
    assert REPORT[language] in page_text(browser.page("/tickets/1001"))
    consultants_post.news()
    browser.submit("/tickets/1001", {"text": LATER[language]}, form="//form[contains(@action,'/reply')]")
    assert LATER[language] in text_of(consultants_post.one_letter())

    consultant.submit("/desk/tickets/1001", {"text": "Proszę odświeżyć."}, form="//section[@id='reply']//form")
    answer = customer.one_letter()
    assert language_of(answer) == language
    assert "Proszę odświeżyć." in page_text(browser.page(link_in(answer, "/tickets/")))


def test_the_invitation_beside_an_acknowledgement_opens_the_account_too(
    klient: None, customer: Writer, browser: Person, language: str
) -> None:
    customer.write("PomocDYNAMICS@pomoc.example", "Raport 1", REPORT[language])
    invitation = next(letter for letter in customer.news() if "/confirm/" in text_of(letter))
    address = link_in(invitation, "/confirm/")
    browser.submit(address, PASSWORDS)
    assert "Raport 1" in page_text(browser.page("/tickets/"))

    stranger = Person(browser.address, language)
    assert not stranger.page(address, status=410).xpath("//input[@type='password']")  # it works once
    again = Person(browser.address, language)
    again.sign_in(customer.address, PASSWORD)
    assert "Raport 1" in page_text(again.page("/tickets/"))


def test_a_colleague_sees_what_the_organisation_reports_from_now_on_and_not_what_was_private(
    klient: None, customer: Writer, browser: Person, language: str
) -> None:
    """A letter of somebody unconfirmed belongs to nobody's organisation: its From line proves nothing."""
    customer.write("PomocDYNAMICS@pomoc.example", "Sprzed konta", REPORT[language])
    browser.submit(link_in(next(_ for _ in customer.news() if "/confirm/" in text_of(_)), "/confirm/"), PASSWORDS)
    browser.submit("/tickets/new?group=1", {"subject": "Po założeniu konta", "text": REPORT[language]})
    piotr = Writer(customer.office, "piotr@klient.example", "Piotr Lis", language)
    colleague = Person(browser.address, language)
    colleague.submit("/register", {"email": piotr.address})
    colleague.submit(link_in(piotr.one_letter(), "/confirm/"), PASSWORDS)
    page = page_text(colleague.page("/tickets/"))
    assert "Po założeniu konta" in page
    assert "Sprzed konta" not in page
    assert within(colleague.at) == "/tickets/"
    colleague.page("/tickets/1001", status=404)
