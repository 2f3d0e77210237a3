"""The desk by keyboard: keys walk the list, open what is asked, and leave alone who types."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
LIST = "/desk/tickets/list/?sort=number"


def test_keys_walk_the_list_and_leave_alone_who_types(looking: Callable[[str, str], Visitor]) -> None:
    visitor = looking("administrator", "en")
    page, key = visitor.page, visitor.page.keyboard
    page.goto(LIST)
    links, boxes = page.locator("td.subject > a[id]"), page.locator("td input[name=number]")
    for press in "jjjk":
        key.press(press)
    expect(links.nth(1)).to_be_focused()
    key.press("x")
    expect(boxes.nth(1)).to_be_checked()
    key.press("a")
    expect(page.locator("#many-assignee")).to_be_focused()
    page.locator("#text").click()
    key.type("jjx?")
    expect(page.locator("#text")).to_have_value("jjx?")
    expect(page.locator("dialog")).to_have_count(0)
    links.nth(1).focus()
    key.press("e")
    expect(page.locator("dialog select").first).to_be_focused()
    key.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    key.press("o")
    page.wait_for_url(re.compile(r"/desk/tickets/\d+$"))
    opened, around = page.url, page.get_by_role("navigation", name="Tickets", exact=True)
    expect(around).to_contain_text("2 / ")
    key.press("j")
    page.wait_for_url(lambda url: url != opened)
    expect(around).to_contain_text("3 /")
    key.press("k")
    page.wait_for_url(opened)
    key.press("?")
    expect(page.locator("dialog dl.keys")).to_be_visible()
    key.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    key.press("n")
    expect(page.locator("#note textarea")).to_be_focused()
    key.type("For us alone.")
    key.press("Control+Enter")
    expect(page.locator("article").filter(has_text="For us alone.")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_url(f"**{LIST}")
    key.press("Control+k")
    page.locator("dialog input").wait_for()
    key.type("waiting")
    expect(page.locator("dialog [aria-selected=true]")).to_have_text("Waiting")
    key.press("Control+a")
    key.type("#1022")
    key.press("Enter")
    page.wait_for_url("**/desk/tickets/1022")
    assert visitor.said() == []
