"""Two people write at once, and nothing typed or attached is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser import looks
from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
Looking = Callable[[str, str], Visitor]
DROP = """form => {
    const carried = new DataTransfer();
    carried.items.add(new File(["abc"], "zrzut.png", {type: "image/png"}));
    form.querySelector("textarea").dispatchEvent(
        new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: carried}));
}"""


@pytest.fixture
def anna(looking: Looking) -> Page:
    return looking("customer", "pl").page


@pytest.fixture
def number(anna: Page) -> str:
    """The number of a ticket that Anna has just reported."""
    anna.goto("/tickets/new?group=1")
    anna.fill("[name=subject]", "Dwoje pisze naraz")
    anna.fill("[name=text]", "Opis")
    anna.locator("main form button[type=submit]").first.click()
    anna.wait_for_url("**/tickets/1*")
    return anna.url.rsplit("/", 1)[1]


def test_no_answer_goes_out_over_an_unseen_message(looking: Looking, anna: Page, number: str) -> None:
    marta = looking("administrator", "pl").page
    marta.goto(f"/desk/tickets/{number}")
    marta.fill("#reply textarea", "Proszę uruchomić ponownie.")
    anna.fill("#reply textarea", "Już działa!")
    anna.locator("#reply button").first.click()
    expect(anna.locator("article")).to_have_count(2)
    marta.locator("#reply button").first.click()
    expect(marta.get_by_role("alert").first).to_contain_text("Nie wysłano")
    expect(marta.locator("article").filter(has_text="Już działa!")).to_contain_text("Nowa")
    expect(marta.locator("#reply textarea")).to_have_value("Proszę uruchomić ponownie.")
    assert list(looks.barriers(marta)) == []
    marta.locator("#reply button").first.click()
    expect(marta.locator("#sent")).to_contain_text("Proszę uruchomić ponownie.")
    expect(marta.locator("#reply textarea")).to_have_value("")
    marta.locator("#sent").get_by_role("button", name="Cofnij").click()
    expect(marta.locator("#reply textarea")).to_have_value("Proszę uruchomić ponownie.")
    expect(marta.locator("article")).to_have_count(2)
    marta.locator("h1").click()
    marta.keyboard.press("r")
    marta.keyboard.type(" Dobrze?")
    expect(marta.locator("#reply textarea")).to_have_value("Proszę uruchomić ponownie. Dobrze?")


def test_what_can_be_put_into_an_answer_comes_when_it_is_unfolded(looking: Looking, number: str) -> None:
    marta = looking("consultant", "pl").page
    marta.goto(f"/desk/tickets/{number}")
    marta.locator("#ready > summary").click()
    marta.locator("#ready-answers").get_by_role("button", name="Wstaw: Powitanie").click()
    expect(marta.locator("#reply textarea")).to_have_value(re.compile("Dzień dobry"))
    marta.locator("#insert > summary").click()
    expect(marta.locator("#insertable")).not_to_be_empty()


def test_colleagues_at_one_ticket_see_each_other_and_do_not_answer_twice(looking: Looking, number: str) -> None:
    marta, barbara = looking("consultant", "pl").page, looking("administrator", "pl").page
    for page in (marta, barbara):
        page.goto(f"/desk/tickets/{number}")
    expect(barbara.locator("[data-live]")).to_contain_text("Marta Lis")
    for page in (marta, barbara):
        page.fill("#reply textarea", "Zajmę się tym.")
    marta.locator("#reply button").first.click()
    expect(marta.locator("#sent [data-left]")).to_contain_text("Klient dostanie ją za")
    barbara.locator("#reply button").first.click()
    expect(barbara.get_by_role("alert").first).to_contain_text("Nie wysłano")
    expect(barbara.locator("article").last).to_contain_text("Zajmę się tym.")
    expect(barbara.locator("#reply textarea")).to_have_value("Zajmę się tym.")
    barbara.locator("#reply button[value=discard]").click()
    expect(marta.locator("#sent h2")).to_have_text("Właśnie wychodzi.")
    expect(marta.locator("#sent button")).to_have_count(0)


def test_words_outlive_a_reload_and_files_are_dropped(anna: Page) -> None:
    anna.goto("/tickets/new?group=2")
    anna.fill("[name=subject]", "Przeładowanie")
    anna.reload()
    expect(anna.locator("[name=subject]")).to_have_value("Przeładowanie")
    anna.locator("form[data-draft]").evaluate(DROP)
    expect(anna.get_by_role("checkbox", name="zrzut.png")).to_be_checked()
    anna.reload()
    expect(anna.get_by_role("checkbox", name="zrzut.png")).to_be_checked()
    anna.fill("[name=text]", "Opis")
    anna.locator("main form button[type=submit]").first.click()
    anna.wait_for_url("**/tickets/1*")
    expect(anna.locator(".files")).to_contain_text("zrzut.png")
    anna.goto("/tickets/new?group=2")
    expect(anna.locator("[name=subject]")).to_have_value("")


def test_words_outlive_the_end_of_a_session(looking: Looking, desk: Desk, anna: Page, number: str) -> None:
    anna.goto(f"/tickets/{number}")
    anna.fill("#reply textarea", "Zanim sesja się skończyła")
    cookies = anna.context.cookies()
    anna.context.clear_cookies()
    anna.locator("#reply button").first.click()
    anna.context.add_cookies(cookies)  # type: ignore[arg-type]  # as signing in again would
    anna.goto(f"/tickets/{number}")
    expect(anna.locator("#reply textarea")).to_have_value("Zanim sesja się skończyła")


def test_nothing_is_lost_where_the_network_and_the_session_end(looking: Looking, anna: Page) -> None:
    """Two photos on a bad network, a form sent without one, and a session that ends in another tab."""
    anna.goto("/tickets/new?group=2")
    anna.fill("[name=subject]", "Brak zasięgu")
    anna.fill("[name=text]", "Opis")
    held: list[Route] = []
    anna.route("**/new/draft*", lambda route: held.append(route))
    photos = [
        FilePayload(name=name, mimeType="image/png", buffer=b"abc" + name.encode()) for name in ("1.png", "2.png")
    ]
    for photo in photos:
        anna.set_input_files("[name=files]", photo)
    anna.context.set_offline(True)
    anna.get_by_role("button", name="Wyślij zgłoszenie").click()
    expect(anna.locator("form[data-draft] [data-offline]")).to_contain_text("Nie ma teraz połączenia")
    assert anna.eval_on_selector("[name=files]", "input => input.files.length") == len(photos)
    anna.context.set_offline(False)
    held[0].abort()
    anna.unroute("**/new/draft*")
    cookies = anna.context.cookies()
    anna.context.clear_cookies()
    anna.fill("[name=text]", "Opis po wylogowaniu")
    with anna.expect_response(re.compile(r"/login\?")):  # instead of answers to the subject
        anna.fill("[name=subject]", "Nie ma zasięgu")
    expect(anna.locator("[data-kept] [role=alert]")).to_contain_text("zaloguj się ponownie w innej karcie")
    expect(anna.locator("form form, form [name=password]")).to_have_count(0)
    anna.context.add_cookies(cookies)  # type: ignore[arg-type]  # as signing in again would
    anna.evaluate("window.dispatchEvent(new Event('focus'))")
    for photo in photos:
        expect(anna.get_by_role("checkbox", name=photo["name"])).to_be_checked()
    # A machine without a network reaches the desk that runs on it.
    anna.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    anna.get_by_role("button", name="Wyślij zgłoszenie").click()
    expect(anna.locator("article")).to_contain_text("Opis po wylogowaniu")
