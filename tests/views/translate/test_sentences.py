"""A translator's day: find a sentence, say it otherwise, see it on the page, take it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.catalogs import live, pictures
from app.catalogs.pictures import FOLDER, album
from app.catalogs.sources import key_of
from tests.browser import pages
from tests.browsing import Visitor, text_of
from tests.views.translate.conftest import ADAM, ANNA, OLA, Browser

LIST = "/desk/translations/"
CONTACT = f"{LIST}pl/messages/{key_of('Contact')}"
ROWS = f"{LIST}pl/messages/{key_of('%(num)d row')}"
SECURITY = f"{LIST}pl/flask_security/"
EDITOR = "//form[@data-quick]"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the two seconds between two looks."""
    monkeypatch.setattr(live, "KEPT_SECONDS", 0.0)


def shown(browser: Visitor, **asked: str) -> list[tuple[str, ...]]:
    """The rows of the list as their reader sees them."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    rows = browser.page(f"{LIST}?{query}").xpath("//tbody/tr")
    return [tuple(text_of(cell) for cell in row.xpath("td")) for row in rows]


def save(browser: Visitor, path: str, *strings: str, **more: str) -> str:
    """Save by the form; the page that it leads to."""
    page = browser.page(path)
    form = page.xpath(EDITOR)[0]
    values = {**dict(form.form_values()), "string": list(strings), "act": "save", **more}
    return browser.post(path, data=values, follow_redirects=True).text


def test_what_is_saved_stands_on_the_page_at_once(tom: Visitor, browser_of: Browser) -> None:
    anna = browser_of(ANNA)
    assert "Zapisano" in save(tom, CONTACT, "Napisz do nas")
    assert "Napisz do nas" in text_of(anna.page("/contact"))
    tom.submit(CONTACT, {}, form="//form[contains(@action, '/reset')]")
    assert "Napisz do nas" not in text_of(anna.page("/contact"))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "Kontakt %(name)s", "javascript:alert(1)", "Kontakt.", "", "Kon\x00takt"]
)
def test_o59_a_text_with_a_fault_is_refused_with_its_line_and_nothing_typed_is_lost(
    tom: Visitor, client: Visitor, text: str
) -> None:
    """Attack case O59."""
    page = tom.page(CONTACT)
    values = {**dict(page.xpath(EDITOR)[0].form_values()), "string": text, "act": "save"}
    answer = tom.post(CONTACT, data=values)
    assert answer.status_code == 422
    assert "Wiersz 1" in answer.text
    assert text.replace("<", "&lt;").replace(">", "&gt;").replace("\x00", "") in answer.text.replace("\x00", "")
    assert "<script>alert" not in answer.text
    assert "Kontakt" in client.get("/contact").text


def test_o59_a_translator_has_no_other_rights(tom: Visitor) -> None:
    for path in ("/tickets/", "/desk/tickets/list/", "/desk/customers/list/", "/desk/states/", "/desk/audit/list/"):
        assert tom.get(path).status_code == 403, path
    assert tom.get("/desk/", follow_redirects=True).request.path == LIST
    assert tom.get("/translate/", follow_redirects=True).request.path == LIST


def test_who_may_not_translate_is_kept_out(browser_of: Browser, client: Visitor) -> None:
    assert browser_of(ANNA).get(LIST).status_code == 403
    assert "/login" in client.get(CONTACT).location


def test_forms_are_saved_with_sample_numbers(tom: Visitor) -> None:
    page = tom.page(ROWS)
    assert [text_of(label) for label in page.xpath("//label[starts-with(@for, 'string-')]")] == [
        "Przy liczbach 1", "Przy liczbach 2, 22, 3", "Przy liczbach 5, 0, 6",
    ]  # fmt: skip
    answer = save(tom, ROWS, "%(num)d rząd", "%(num)d rzędy", "%(num)d rzędów")
    for words in ("1 rząd", "2 rzędy", "5 rzędów", "22 rzędy"):
        assert f">{words}<" in answer


def test_trying_shows_the_text_and_keeps_nothing(tom: Visitor) -> None:
    answer = save(tom, ROWS, "%(num)d a", "%(num)d b", "%(num)d c", act="look")
    assert ">22 b<" in answer
    assert shown(tom, state="own") == []


def test_the_list_is_narrowed_and_searched_in_both_languages(tom: Visitor) -> None:
    save(tom, CONTACT, "Napisz do nas")
    assert shown(tom, state="own") == [("Contact", "Napisz do nas", "nasze")]
    assert shown(tom, state="mine") == shown(tom, state="own")
    assert [row[0] for row in shown(tom, text="NAPISZ DO NAS")] == ["Contact"]
    assert "Contact" in [row[0] for row in shown(tom, text="contact")]
    assert shown(tom, state="missing") == []
    assert shown(tom, text="tego na pewno nigdzie nie ma") == []
    assert len(shown(tom, kind="flask_security")) == 50
    assert len(shown(tom, kind="nic", state="nic", page="99999", place="", language="xx")) > 0
    assert all("kontakt" in str(row).lower() or row for row in shown(tom, place="templates/portal/contact.html"))


def test_every_catalog_is_whole_in_both_languages(tom: Visitor) -> None:
    for language in ("pl", "en"):
        page = tom.page(f"{LIST}?language={language}")
        assert all("100%" in text_of(line) for line in page.xpath("//ul[@class='progresses']/li"))


def test_the_keyboard_leads_from_sentence_to_sentence(tom: Visitor) -> None:
    names = [row[0] for row in shown(tom, kind="flask_security")]
    first = tom.page(f"{LIST}?kind=flask_security").xpath("//tbody//a/@href")[0]
    form = tom.page(str(first)).xpath(EDITOR)[0]
    answer = tom.post(str(first), data={**dict(form.form_values()), "act": "next"}, follow_redirects=True)
    assert names[1] in answer.text
    assert "kind=flask_security" in answer.request.full_path


def test_a_page_tells_where_a_sentence_stands_and_what_is_like_it(tom: Visitor) -> None:
    page = text_of(tom.page(CONTACT))
    assert "templates/base.html" in page
    page = text_of(tom.page(f"{LIST}pl/messages/{key_of('Check a proof of receipt')}"))
    assert "/receipts/" in page


def test_pictures_show_where_a_sentence_stands_to_translators_alone(tom: Visitor, browser_of: Browser) -> None:
    """Those that `make album` took; a page that is there no more has no picture."""
    names = {shown.name for shown in pages.ALL}
    assert album().pictures.keys() <= names
    assert {path.stem for path in FOLDER.glob("*.webp")} == album().pictures.keys()
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2 * 2**20
    page = tom.page(f"{LIST}pl/messages/{key_of('Check a proof of receipt')}")
    image = page.xpath("//aside//figure/a[@target]/img")[0]
    assert "Zrzut ekranu strony" in image.get("alt")
    answer = tom.get(image.get("src"))
    assert (answer.mimetype, answer.data[8:12]) == ("image/webp", b"WEBP")
    assert browser_of(ANNA).get(image.get("src")).status_code == 403
    assert tom.get(f"{LIST}pictures/..%2Findex.webp").status_code == 404


def test_an_installation_may_lack_the_pictures(tom: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FOLDER", tmp_path)
    pictures.album.cache_clear()
    try:
        assert not tom.page(CONTACT).xpath("//figure")
    finally:
        pictures.album.cache_clear()


def test_the_glossary_warns_and_does_not_refuse(tom: Visitor) -> None:
    answer = save(tom, f"{LIST}pl/messages/{key_of('Ticket closed')}", "Tiket zamknięty")
    assert "Według słowniczka" in answer
    assert "Zapisano" in answer
    assert "Ticket closed" in [row[0] for row in shown(tom, state="suspicious")]


def test_a_word_of_the_glossary_holds_from_the_next_page_on(tom: Visitor) -> None:
    assert shown(tom, state="suspicious", text="Contact") == []
    word = {"source": "contact", "language": "pl", "allowed": "łączność ,,łączność", "note": "Próba", "active": "y"}
    form = "//form[.//*[@name='forbidden']]"
    tom.submit("/desk/glossary/add", word, form=form)
    assert "Contact" in [row[0] for row in shown(tom, state="suspicious", text="Contact")]
    page = text_of(tom.page(CONTACT))
    assert "Według słowniczka „contact” to „łączność”" in page
    assert "Próba" in page
    assert "Ta wartość jest już zajęta" in tom.submit("/desk/glossary/add", word, form=form).text
    empty = {"source": "menu", "language": "pl", "allowed": " , "}
    assert "Wpisz słowa oddzielone przecinkami" in tom.submit("/desk/glossary/add", empty, form=form).text


def test_two_translators_at_once_lose_no_word(tom: Visitor, browser_of: Browser) -> None:
    ola = browser_of(OLA)
    stale = dict(ola.page(CONTACT).xpath(EDITOR)[0].form_values())
    save(tom, CONTACT, "Napisz do nas")
    answer = ola.post(CONTACT, data={**stale, "string": "Zadzwoń do nas", "act": "save"})
    assert answer.status_code == 422
    assert "Zadzwoń do nas" in answer.text


def test_history_and_undo(tom: Visitor) -> None:
    save(tom, CONTACT, "Napisz do nas")
    save(tom, CONTACT, "Zadzwoń do nas")
    tom.submit(CONTACT, {}, form="//form[contains(@action, '/undo')]")
    assert shown(tom, state="own")[0][1] == "Napisz do nas"
    history = [text_of(each) for each in tom.page(CONTACT).xpath("//aside//li/span[1]")]
    assert history == ["Napisz do nas", "Zadzwoń do nas", "Napisz do nas", "Kontakt"]


def test_a_second_pair_of_eyes_where_the_administrator_wants_it(tom: Visitor, browser_of: Browser) -> None:
    assert tom.post("/desk/translations/review", data={"wanted": "yes"}).status_code in (400, 404)
    browser_of(ADAM).submit("/desk/translations/numbers", {"wanted": "yes"}, form="//form[contains(@action, 'review')]")
    assert "czeka na drugą" in save(tom, CONTACT, "Napisz do nas")
    assert not tom.page(CONTACT).xpath("//form[contains(@action, '/accept')]")
    ola = browser_of(OLA)
    assert shown(ola, state="waits")[0][0] == "Contact"
    ola.submit(CONTACT, {}, form="//form[contains(@action, '/accept')]")
    assert shown(ola, state="own")[0][:2] == ("Contact", "Napisz do nas")


@pytest.mark.parametrize(
    "path", ["xx/messages/" + "0" * 32, "pl/messages/x", "pl/nic/x", "de/messages/" + key_of("Contact")]
)
def test_what_is_not_there_is_not_found(tom: Visitor, path: str) -> None:
    assert tom.get(LIST + path).status_code == 404


def test_progress_of_each_language(tom: Visitor, app: Flask) -> None:
    save(tom, CONTACT, "Napisz do nas")
    page = text_of(tom.page("/desk/translations/numbers"))
    assert "1 zdanie" in page
