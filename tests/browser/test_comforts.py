"""The keyboard, the reader's colours, and a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import looks
from tests.browser.desk import PEOPLE, Desk
from tests.browser.pages import choose_too_much
from tests.browser.visitor import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.browser
Looking = Callable[[str, str], Visitor]


@pytest.fixture
def grid(looking: Looking) -> Page:
    """The administrator's list of new tickets."""
    page = looking("administrator", "pl").page
    page.goto("/desk/tickets/list/?state=new")
    return page


def test_the_first_tab_leads_past_the_menu(grid: Page) -> None:
    grid.keyboard.press("Tab")
    link = grid.locator(".skip-link")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    grid.keyboard.press("Enter")
    expect(grid.locator("main")).to_be_focused()


def test_a_menu_opens_by_the_keyboard_and_closes_with_escape(grid: Page) -> None:
    people = grid.locator(".top .menu summary").filter(has_text="Osoby")
    people.focus()
    grid.keyboard.press("Enter")
    expect(grid.get_by_role("link", name="Klienci")).to_be_visible()
    grid.keyboard.press("Escape")
    expect(grid.get_by_role("link", name="Klienci")).to_be_hidden()
    expect(people).to_be_focused()


def test_one_menu_is_open_at_a_time(grid: Page) -> None:
    for summary in grid.locator(".top summary:visible").all():
        summary.click()
        expect(grid.locator(".top details[open]")).to_have_count(1)
    grid.locator("h1").click()
    expect(grid.locator(".top details[open]")).to_have_count(0)


def test_the_bar_is_one_row_at_every_width(grid: Page) -> None:
    try:
        for width in (320, 360, 390, 767, 768, 820, 1024, 1279, 1280, 1366, 1440, 1536, 1600, 1920):
            grid.set_viewport_size({"width": width, "height": 800})
            assert grid.locator(".top .bar").evaluate("bar => bar.offsetHeight") < 70, width
        grid.set_viewport_size({"width": 1024, "height": 800})
        grid.get_by_text("Menu", exact=True).click()
        grid.locator(".top .whole .menu summary").filter(has_text="Osoby").click()
        expect(grid.get_by_role("link", name="Klienci")).to_be_visible()
    finally:
        grid.set_viewport_size(DESKTOP)


def test_on_a_phone_the_bar_is_one_row_and_its_menu_opens_by_the_keyboard(grid: Page) -> None:
    grid.set_viewport_size(PHONE)
    try:
        assert grid.locator(".top .bar").evaluate("bar => bar.offsetHeight") < 70
        grid.locator(".top .whole > summary").focus()
        grid.keyboard.press("Enter")
        expect(grid.get_by_role("link", name="Dzisiaj")).to_be_visible()
        grid.locator(".top .menu summary").filter(has_text="Osoby").click()
        expect(grid.get_by_role("link", name="Klienci")).to_be_visible()
        assert grid.evaluate(looks.OVERFLOW) == []
        grid.keyboard.press("Escape")
        expect(grid.get_by_role("link", name="Dzisiaj")).to_be_hidden()
        expect(grid.locator(".top .whole > summary")).to_be_focused()
    finally:
        grid.set_viewport_size(DESKTOP)


def test_what_is_found_while_typing_is_chosen_by_the_keyboard(looking: Looking) -> None:
    page = looking("customer", "pl").page
    page.goto("/")
    box = page.get_by_role("combobox", name="Czego szukasz?")
    options = page.locator("#typed [role=option]")
    box.press_sequentially("fakt")
    expect(options.first).to_be_visible()
    expect(page.locator(".big-search [aria-live]")).to_have_text(re.compile(r"^\d+ propozyc"))
    box.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("fakt")
    box.press("ArrowDown")
    box.press("ArrowUp")
    last = options.last
    expect(last).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == last.get_attribute("id")
    box.press("Enter")
    page.wait_for_url(re.compile(r"/tickets/\d+$"))


def test_a_note_offers_whom_it_can_speak_to(looking: Looking, desk: Desk) -> None:
    page = looking("consultant", "pl").page
    page.goto(f"/desk/tickets/{desk.places['talk']}")
    page.locator("#note summary").click()
    box = page.locator("#note textarea")
    box.press_sequentially("Zobacz @barb")
    expect(page.locator("#mentionable [aria-selected=true]")).to_contain_text("barbara.zajac@pomoc.example")
    assert not list(looks.barriers(page))
    box.press("Enter")
    expect(box).to_have_value(re.compile(r"^Zobacz @Barbara \S+ $"))
    box.press_sequentially("i @")
    page.locator("#mentionable [role=option]:visible").first.click()
    expect(page.locator("#mentionable")).to_be_hidden()
    box.fill("")


def test_one_box_chooses_all_tickets_and_their_number_is_told(grid: Page) -> None:
    boxes = grid.get_by_role("checkbox", name="#").or_(grid.locator("input[name=number]"))
    number = grid.locator("input[name=number]").count()
    everything = grid.get_by_role("checkbox", name="Zaznacz wszystkie")
    everything.check()
    expect(grid.locator("[data-chosen]")).to_have_text(f" ({number})")
    boxes.first.uncheck()
    expect(grid.locator("[data-chosen]")).to_have_text(f" ({number - 1})")
    expect(everything).to_have_js_property("indeterminate", True)


@pytest.mark.parametrize("path", ["/", "/tickets/", "/tickets/{talk}", "/tickets/new?group={product_group}"])
def test_colours_that_the_reader_asks_for_stay_readable(desk: Desk, looking: Looking, path: str) -> None:
    visitor = looking("customer", "en")
    page = visitor.page
    page.goto(path.format_map(desk.places))
    found = []
    for media in ({"color_scheme": "dark"}, {"forced_colors": "active"}, {"color_scheme": "dark", "contrast": "more"}):
        page.emulate_media(**media)  # type: ignore[arg-type]
        found += [f"{media}: {line}" for line in looks.barriers(page)]
        page.emulate_media(color_scheme="null", forced_colors="null", contrast="null")
    assert not found, "\n".join(found)


def test_a_phone_may_be_held_either_way(looking: Looking) -> None:
    page = looking("customer", "pl").page
    page.goto("/")
    assert list(looks.barriers(page, looks.TURNING)) == []


def test_without_javascript_everything_is_within_reach(browser: Browser, desk: Desk) -> None:
    visitor = Visitor(browser, desk.address, "pl", java_script_enabled=False)
    visitor.sign_in(PEOPLE["consultant"], desk.passwords[PEOPLE["consultant"]])
    page = visitor.page
    page.set_viewport_size(PHONE)
    page.goto("/desk/tickets/list/")
    page.get_by_text("Filtruj i sortuj").click()
    page.get_by_text("W realizacji").first.check()
    page.get_by_role("button", name="Pokaż").click()
    assert "state=open" in page.url
    page.locator("input[name=number]").first.check()
    page.locator("summary").filter(has_text="Co zrobić").click()
    page.get_by_role("button", name="Przydziel").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.locator(".top .whole > summary").click()
    page.locator(".top .menu summary").filter(has_text="Osoby").click()
    page.get_by_role("link", name="Klienci").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Klienci")
    visitor.context.close()


def test_files_that_are_too_large_are_refused_before_they_are_sent(looking: Looking) -> None:
    page = looking("customer", "pl").page
    page.goto("/tickets/new?group=1")
    page.fill("[name=subject]", "Temat")
    page.fill("[name=text]", "Długi opis")
    choose_too_much(page)
    alert = page.get_by_role("alert").filter(has_text="Te pliki są za duże")
    expect(alert).to_be_visible()
    page.get_by_role("button", name="Wyślij zgłoszenie").click()
    expect(page.locator("[name=text]")).to_have_value("Długi opis")
    expect(page).to_have_url(re.compile("/tickets/new"))
    page.set_input_files("[name=files]", [])
    expect(alert).to_have_count(0)
    page.get_by_role("button", name="Wyślij zgłoszenie").click()
    expect(page).to_have_url(re.compile(r"/tickets/\d+"))
