"""A translator's day in a browser: by keyboard alone, on the page itself, and from right to left."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from app.catalogs.sources import key_of
from tests.browser.pages import point
from tests.browser.visitor import DESKTOP, NARROW, Visitor

pytestmark = pytest.mark.browser
Looking = Callable[[str, str], Visitor]
LIST = "/desk/translations/"
NUMBERS = f"{LIST}numbers"
KNOWLEDGE = "قاعدة المعرفة"
BEYOND = """document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")].filter(
  (each) => each.getBoundingClientRect().left < 0 || each.getBoundingClientRect().right > innerWidth
).map((each) => each.cloneNode(false).outerHTML)"""
FROM_RIGHT = ("/", "/articles/", "/contact", "/profile/", "/tickets/", "/tickets/new?group=1")


@pytest.fixture
def arabic(looking: Looking) -> Iterator[None]:
    """Arabic is offered meanwhile."""
    page = looking("administrator", "pl").page
    page.goto(NUMBERS)
    page.select_option("select[name=add]", "ar")
    page.locator("form:has(select[name=add]) button").click()
    yield
    page.goto(NUMBERS)
    page.locator("button[name=remove][value=ar]").click()


def sideways(page: Page) -> list[str]:
    """What stands beyond the edges of a page that scrolls sideways."""
    found: list[str] = page.evaluate(BEYOND)
    return found


def test_a_missing_sentence_is_said_by_keyboard_and_stands_on_the_page(arabic: None, looking: Looking) -> None:
    page, reader = looking("translator", "pl").page, looking("customer", "pl").page
    page.goto(f"{LIST}?language=ar&state=missing&text=Knowledge+base")
    link = page.locator(f"tbody a[href*='{key_of('Knowledge base')}']")
    link.focus()
    page.keyboard.press("Enter")
    box = page.locator("textarea[name=string]")
    expect(box).to_be_focused()
    page.keyboard.type("%(wrong)s")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    expect(box).to_have_value("%(wrong)s")
    box.fill(KNOWLEDGE)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Czytelnicy zobaczą to")).to_be_visible()
    reader.goto("/lang/ar")
    for path in FROM_RIGHT:
        for size in (DESKTOP, NARROW):
            reader.set_viewport_size(size)
            reader.goto(path)
            assert sideways(reader) == [], (path, size)
    expect(reader.locator("html")).to_have_attribute("dir", "rtl")
    reader.set_viewport_size(DESKTOP)
    expect(reader.locator(".top").get_by_text(KNOWLEDGE).first).to_be_visible()
    reader.goto("/lang/pl")


def test_a_sentence_is_pointed_at_and_the_way_leads_back(looking: Looking) -> None:
    page = looking("translator", "pl").page
    page.goto(LIST)
    point(page)
    page.locator("[data-sentence]").get_by_text("Kontakt", exact=True).last.click()
    expect(page.locator(".words.source")).to_have_text("Contact")
    page.get_by_role("link", name="Wróć do strony").click()
    expect(page).to_have_url("/contact")
    page.goto(LIST)
    page.locator("form[action$='/point'] button[value=no]").click()
