"""Authors at their browsers: a text is written, reviewed, scheduled, translated, published and read."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import PEOPLE
from tests.browser.test_journeys import MARTA, Company, company

pytestmark = pytest.mark.browser
__all__ = ["company"]
HANNA, GRACE, ZOFIA = PEOPLE["editor"], "grace.hill@pomoc.example", PEOPLE["translator"]
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PASTE = """(surface, bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], "ekran.png", {type: "image/png"}));
    surface.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def write(page: Page) -> None:
    """With the keyboard alone: a heading, a bold word, a table, and a picture from the clipboard."""
    page.goto("/desk/")
    page.get_by_role("link", name="Napisz coś nowego").click()
    page.get_by_label("Tytuł").fill("Etykiety są przesunięte")
    page.get_by_role("button", name="Zacznij szkic").click()
    expect(page.get_by_role("toolbar")).to_be_visible()
    text = page.get_by_role("textbox", name="Tekst")
    text.focus()
    page.keyboard.type("## Kalibracja\nWybierz ")
    page.keyboard.press("Escape")  # from the text to its tools
    expect(page.get_by_role("button", name="Pogrubienie")).to_be_focused()
    page.keyboard.press("Enter")
    expect(text).to_be_focused()
    page.keyboard.type("Kalibruj")
    page.keyboard.press("Control+b")
    page.keyboard.type(" i wydrukuj stronę.")
    text.evaluate(PASTE, list(DOT))
    expect(page.get_by_role("status").filter(has_text="Pliki są zapisane")).to_be_visible()
    expect(text.get_by_role("img", name="ekran.png")).to_be_visible()
    page.get_by_role("button", name="Zapisz szkic").click()
    expect(page.get_by_role("status").first).to_contain_text("Szkic jest zapisany")
    page.get_by_role("button", name="Pokaż jako Markdown").click()
    kept = page.locator("textarea[name=body]").input_value()
    assert kept.startswith("## Kalibracja\n\nWybierz **Kalibruj** i wydrukuj stronę."), kept
    assert re.search(r"!\[ekran\.png\]\(/content/files/\d+/ekran\.png\)\s*$", kept), kept


def public_address(page: Page, link: str) -> str:
    found = page.get_by_role("link", name=link).get_attribute("href")
    assert found
    return found


def test_a_text_is_written_scheduled_translated_published_and_read(company: Company) -> None:
    hanna = company.member(HANNA, "pl")
    write(hanna)
    hanna.get_by_text("Opublikuj później").click()
    tomorrow = datetime.now(ZoneInfo("Europe/Warsaw")) + timedelta(days=1)
    hanna.get_by_label("Opublikuj o").fill(f"{tomorrow:%Y-%m-%dT%H:%M}")
    hanna.get_by_role("button", name="Zaplanuj").click()
    expect(hanna.get_by_role("status").first).to_contain_text("Tekst jest zaplanowany")
    address = hanna.url

    zofia = company.member(ZOFIA, "en")
    zofia.goto(address.replace("/pl", "/en"))
    zofia.get_by_label("Title").fill("Labels are shifted")
    expect(zofia.get_by_role("toolbar")).to_be_visible()
    zofia.get_by_role("textbox", name="Text", exact=True).fill("Choose Calibrate and print a page.")
    zofia.get_by_role("button", name="Ask for review").click()
    expect(zofia.get_by_role("status").first).to_contain_text("Review is asked for.")
    expect(zofia.get_by_role("button", name="Publish now")).to_have_count(0)

    grace = company.member(GRACE, "en")
    grace.goto("/desk/")
    grace.get_by_role("link", name="To be reviewed").click()
    grace.get_by_role("link", name="Labels are shifted").click()
    grace.get_by_role("button", name="Publish now").click()
    expect(grace.get_by_role("status").first).to_contain_text("The text is published.")

    reader = company.stranger("en")
    reader.goto(public_address(grace, "Open it in the portal"))
    expect(reader.get_by_role("heading", level=1)).to_have_text("Labels are shifted")
    hanna.reload()
    slug = hanna.get_by_role("textbox", name="Adres", exact=True).input_value()
    missing = reader.goto(f"/articles/pl/{slug}")
    assert missing is not None
    assert missing.status == 404  # its time has not come
    hanna.get_by_role("button", name="Opublikuj teraz").click()
    expect(hanna.get_by_role("status").first).to_contain_text("Tekst jest opublikowany")
    reader.goto(public_address(hanna, "Otwórz w portalu"))
    picture = reader.get_by_role("img", name="ekran.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.naturalWidth") == 1


def test_a_consultant_puts_an_article_into_an_answer(company: Company) -> None:
    marta = company.member(MARTA, "pl")
    marta.goto("/desk/tickets/list/")
    marta.locator("tbody a").first.click()
    marta.get_by_label("Twoja wiadomość").fill("Dzień dobry,\n")
    marta.get_by_text("Wstaw artykuł").click()
    marta.get_by_label("Słowa z artykułu").fill("faktura KSeF")
    marta.locator("#insert").get_by_role("button", name="Szukaj").click()
    marta.get_by_role("button", name="Wstaw odnośnik").first.click()
    answer = marta.get_by_label("Twoja wiadomość").input_value()
    assert answer.startswith("Dzień dobry,\nFaktura nie wysyła się do KSeF\nhttp://localhost")
    assert "/articles/pl/faktura-nie-wysyla-sie-do-ksef" in answer
