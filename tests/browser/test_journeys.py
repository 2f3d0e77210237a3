"""Whole stories of a customer and a consultant, each at a browser of their own; the letters are really sent."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import PASSWORD, PEOPLE, Desk, link_in
from tests.browser.visitor import Visitor
from tests.mail.letters import text_of
from tests.run.stack import ROOT, until

pytestmark = pytest.mark.browser
NEW_CUSTOMER = "zofia.mazurek@stolarniabaran.example"
A_PERSON_NEEDS = 2_100  # ms; a public form that is sent sooner is taken for a program's
CALLER = "ryszard.dudek@warsztatdudek.example"
MARTA, EMILY, JAMES = PEOPLE["consultant"], "emily.stone@pomoc.example", PEOPLE["foreigner"]


class Company(list[Visitor]):
    """The visitors of one story."""

    def __init__(self, browser: Browser, desk: Desk) -> None:
        self.browser, self.desk = browser, desk

    def stranger(self, language: str) -> Page:
        visitor = Visitor(self.browser, self.desk.address, language)
        self.append(visitor)
        return visitor.page

    def member(self, email: str, language: str) -> Page:
        page = self.stranger(language)
        self[-1].sign_in(email, self.desk.passwords[email])
        return page


@pytest.fixture
def company(browser: Browser, desk: Desk) -> Iterator[Company]:
    company = Company(browser, desk)
    yield company
    said = [line for visitor in company for line in visitor.said()]
    for visitor in company:
        visitor.context.close()
    assert not said


def register(page: Page, desk: Desk) -> None:
    """S1-S3: Kontakt, Pomoc techniczna, the invitation, a password."""
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Kontakt").click()
    support = page.get_by_role("region", name="Pomoc techniczna")
    support.get_by_role("link", name="Zarejestruj się w portalu").click()
    page.locator("main [name=email]").fill(NEW_CUSTOMER)
    page.wait_for_timeout(A_PERSON_NEEDS)
    page.get_by_role("button", name="Wyślij zaproszenie").click()
    expect(page.get_by_role("status")).to_contain_text(NEW_CUSTOMER)
    invitation = desk.letter_to(NEW_CUSTOMER)
    assert "ZAAKCEPTUJ ZAPROSZENIE" in text_of(invitation)
    page.goto(link_in(invitation, "/confirm/"))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password_confirm]").fill(PASSWORD)
    page.get_by_role("button", name="Aktywuj konto").click()
    expect(page.get_by_role("status")).to_contain_text("Witamy")


def report(page: Page, file: Path) -> str:
    """S4, S11: Bilety, Dodaj bilet, with a file; the number of the ticket."""
    page.get_by_role("navigation").get_by_role("link", name="Bilety").click()
    page.get_by_role("link", name="Dodaj bilet").first.click()
    page.get_by_role("link", name="DYNAMICS").click()
    page.get_by_label("Temat").fill("Nie drukują się etykiety")
    page.get_by_label("Opis").fill("Po naciśnięciu „Drukuj” nic się nie dzieje.")
    page.get_by_label("Pliki").set_input_files(file)
    page.get_by_role("button", name="Wyślij zgłoszenie").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nie drukują się etykiety")
    return page.url.rpartition("/")[2]


def answer(page: Page, words: str, then: str) -> None:
    page.get_by_label("Twoja wiadomość").fill(words)
    page.get_by_label("Następnie").select_option(label=then)
    page.get_by_role("button", name="Wyślij do klienta").click()
    expect(page.locator("#sent")).to_contain_text(words)
    wait_until_it_left(page)
    expect(page.get_by_role("article").last).to_contain_text(words)


def wait_until_it_left(page: Page) -> None:
    """For some seconds an answer can be taken back."""

    def has_left() -> bool:
        page.wait_for_timeout(1_000)
        page.reload()
        return page.locator("#sent").count() == 0

    until(has_left)


def reply(page: Page, words: str) -> None:
    page.get_by_label("Twoja wiadomość").fill(words)
    page.get_by_role("button", name="Wyślij", exact=True).click()
    expect(page.get_by_role("article").last).to_contain_text(words)


def state(page: Page) -> str:
    """The state as the ticket's page says it, read anew."""
    page.reload()
    return page.locator("main .page-head .badge").first.inner_text()


def test_a_new_customer_is_helped_in_polish(company: Company, desk: Desk, tmp_path: Path) -> None:
    log = tmp_path / "drukarka.log"
    log.write_text("błąd 0x3e3\n")
    customer, consultant = company.stranger("pl"), company.member(MARTA, "pl")
    register(customer, desk)
    number = report(customer, log)
    assert f"#{number}" in text_of(desk.letter_to(NEW_CUSTOMER, seen=1))

    consultant.goto("/desk/tickets/list/")
    consultant.get_by_role("link", name="Nie drukują się etykiety").click()
    with consultant.expect_download() as download:
        consultant.get_by_role("link", name="drukarka.log").click()
    assert download.value.path().read_bytes() == log.read_bytes()
    answer(consultant, "Proszę podać model drukarki.", "Czekaj na klienta")
    assert state(customer) == "Czeka na Ciebie"
    assert "Proszę podać model drukarki." in text_of(desk.letter_to(NEW_CUSTOMER, seen=2))

    expect(customer.get_by_role("article").last).to_contain_text("Proszę podać model drukarki.")
    reply(customer, "To model ZT-220.")
    assert state(consultant) == "W realizacji"
    expect(consultant.get_by_role("article").last).to_contain_text("To model ZT-220.")
    answer(consultant, "Wgrałam nowy sterownik.", "Oznacz zgłoszenie jako rozwiązane")
    assert state(customer) == "Rozwiązane"
    with customer.expect_navigation():
        customer.get_by_role("button", name="Problem jest rozwiązany").click()
    assert state(customer) == state(consultant) == "Zamknięte"


def test_a_customer_is_helped_in_english(company: Company, desk: Desk) -> None:
    seen = len(desk.letters_to(JAMES))
    customer, consultant = company.member(JAMES, "en"), company.member(EMILY, "en")
    customer.goto("/tickets/new")
    customer.get_by_role("link", name="PROPHIX").click()
    customer.get_by_label("Subject").fill("The forecast does not open")
    customer.get_by_label("Description").fill("It stays at 80 per cent.")
    customer.get_by_role("button", name="Send the ticket").click()
    assert "registered it as ticket" in text_of(desk.letter_to(JAMES, seen))

    consultant.goto(f"/desk/tickets/{customer.url.rpartition('/')[2]}")
    consultant.get_by_label("Your message").fill("Please clear the cache of the add-in.")
    consultant.get_by_label("And then").select_option(label="Resolve the ticket")
    consultant.get_by_role("button", name="Send to the customer").click()
    expect(consultant.locator("#sent")).to_contain_text("Please clear the cache")
    wait_until_it_left(consultant)
    assert state(customer) == "Resolved"
    solution = desk.letter_to(JAMES, seen + 1)
    assert solution["Subject"].endswith("Resolved: The forecast does not open")
    assert "Please clear the cache of the add-in." in text_of(solution)


def ring(desk: Desk, number: str) -> None:
    """The telephone exchange tells of a call for DYNAMICS, by a secret of its own (S18)."""
    command = [sys.executable, "run.py", "calls", "--new-secret"]
    made = subprocess.run(command, cwd=ROOT, env=desk.stack.environment, capture_output=True, text=True, check=True)
    call = {"call_id": "journey", "caller": number, "digits": "31", "duration": 95}
    headers = {"Authorization": f"Bearer {made.stdout.strip()}", "Content-Type": "application/json"}
    with urlopen(Request(f"{desk.address}/hooks/calls", json.dumps(call).encode(), headers)) as answer:
        assert answer.status == 201


def test_a_call_opens_its_card_and_is_confirmed_by_its_letter(company: Company, desk: Desk) -> None:
    """S6: the ticket is made in less than 20 seconds; opening the letter's page confirms nothing, its button does."""
    customer, consultant = company.stranger("pl"), company.member(MARTA, "pl")
    consultant.goto("/desk/calls/")
    ring(desk, "+48602333444")
    card = consultant.get_by_role("region", name="Teraz do Ciebie: +48602333444")
    expect(card).to_be_visible(timeout=15_000)  # the page asks every five seconds; nobody has asked for it again

    began = time.monotonic()
    card.get_by_role("link", name="Utwórz zgłoszenie").click()
    consultant.get_by_label("Imię i nazwisko").fill("Ryszard Dudek")
    consultant.get_by_label("E-mail").last.fill(CALLER)
    consultant.get_by_label("Temat").fill("Kasa nie wystawia faktur")
    consultant.get_by_role("button", name="Zarejestruj zgłoszenie").click()
    expect(consultant.get_by_role("status").first).to_contain_text("zarejestrowano pod numerem")
    assert time.monotonic() - began < 20
    assert state(consultant) == "Niepotwierdzone"

    letter = desk.letter_to(CALLER)
    assert "POTWIERDZAM ZGŁOSZENIE" in text_of(letter)
    customer.goto(link_in(letter, "/calls/confirm/"))
    assert state(consultant) == "Niepotwierdzone"
    customer.get_by_role("button", name="Potwierdzam zgłoszenie").click()
    assert state(consultant) == "Nowe"
    consultant.goto("/desk/calls/")
    expect(consultant.get_by_role("region", name="Teraz do Ciebie: +48602333444")).to_have_count(0)
