"""The customer's way from the first page to a reply: by keyboard alone, and in a browser without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.desk import PASSWORD, PEOPLE, Desk, link_in
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
A_PERSON_NEEDS = 2_100  # ms; a public form that is sent sooner is taken for a program's
MOST_TABS = 80
HAS_FOCUS = "element => element === document.activeElement"
SHOWS_FOCUS = """element => {
    const style = getComputedStyle(element), box = getComputedStyle(element.closest(".big-search, .search") || element);
    return [style, box].some(each => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 2);
}"""


def tab_to(page: Page, wanted: Locator) -> Locator:
    """Press Tab until it has the focus, and see that the focus shows."""
    for _press in range(MOST_TABS):
        if wanted.count() and wanted.evaluate(HAS_FOCUS):
            assert wanted.evaluate(SHOWS_FOCUS), "the focus does not show"
            return wanted
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


def test_everything_is_done_by_keyboard_alone(browser: Browser, desk: Desk) -> None:
    visitor = Visitor(browser, desk.address, "en")
    page, keys = visitor.page, visitor.page.keyboard
    page.goto("/login")
    tab_to(page, page.locator("main [name=email]"))
    keys.type(PEOPLE["customer"])
    tab_to(page, page.locator("main [name=password]"))
    keys.type(desk.passwords[PEOPLE["customer"]])
    keys.press("Enter")
    page.locator(".account").wait_for()
    page.goto("/lang/en?next=/tickets/new")
    tab_to(page, page.locator("main").get_by_role("link", name="TARGIT"))
    keys.press("Enter")
    page.wait_for_url("**group=*")
    tab_to(page, page.locator("[name=subject]"))
    keys.type("By keyboard alone")
    tab_to(page, page.locator("main textarea[name=text]"))
    keys.type("No mouse is needed.")
    tab_to(page, page.get_by_role("button", name="Send the ticket"))
    keys.press("Enter")
    page.wait_for_url("**/tickets/1*")
    tab_to(page, page.locator("#reply textarea"))
    keys.type("And a reply.")
    tab_to(page, page.locator("#reply").get_by_role("button", name="Send", exact=True))
    keys.press("Enter")
    expect(page.locator("article")).to_have_count(2)
    page.goto("/")
    tab_to(page, page.locator(".big-search input"))
    keys.type("invoice")
    keys.press("Enter")
    page.wait_for_url("**/search?q=invoice")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    tab_to(page, page.locator("summary", has_text="Narrow the search"))
    keys.press("Enter")
    expect(page.locator("#kind option[value=ticket]")).to_contain_text("(")
    expect(page.locator("#author")).to_be_visible()
    visitor.context.close()


def test_everything_is_done_without_javascript(browser: Browser, desk: Desk) -> None:
    newcomer = "bez.skryptow@stolarniabaran.example"
    visitor = Visitor(browser, desk.address, "pl", java_script_enabled=False)
    page = visitor.page
    page.goto("/register")
    page.locator("main [name=email]").fill(newcomer)
    page.wait_for_timeout(A_PERSON_NEEDS)
    page.get_by_role("button", name="Wyślij zaproszenie").click()
    page.goto(link_in(desk.letter_to(newcomer), "/confirm/"))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password_confirm]").fill(PASSWORD)
    page.get_by_role("button", name="Aktywuj konto").click()
    expect(page.get_by_role("status")).to_contain_text("Witamy")
    page.goto("/tickets/new")
    page.locator("main").get_by_role("link", name="DYNAMICS").click()
    page.locator("[name=subject]").fill("Bez skryptów")
    page.locator("main textarea[name=text]").fill("Opis")
    page.set_input_files("[name=files]", {"name": "zrzut.txt", "mimeType": "text/plain", "buffer": b"abc"})
    page.get_by_role("button", name="Zachowaj szkic").click()
    expect(page.get_by_role("checkbox", name="zrzut.txt")).to_be_checked()
    page.get_by_role("button", name="Wyślij zgłoszenie").click()
    expect(page.locator("article")).to_contain_text("zrzut.txt")
    page.locator("#reply textarea").fill("Jeszcze jedno")
    page.locator("#reply").get_by_role("button", name="Wyślij", exact=True).click()
    expect(page.locator("article")).to_have_count(2)
    page.goto("/")
    page.locator(".big-search input").fill("faktura")
    page.locator(".big-search button").click()
    expect(page).to_have_url(f"{desk.address}/search?q=faktura")
    visitor.context.close()
