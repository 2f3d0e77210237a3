"""Catalogs as files: out byte for byte, in with the difference first."""

from __future__ import annotations

import io

import pytest
from lxml import html

from app.catalogs import live
from app.catalogs.shipped import Shipped
from tests.browsing import Visitor, filled_in, text_of
from tests.views.translate.conftest import ANNA, OLA, Browser
from tests.views.translate.test_sentences import CONTACT, save

FILES = "/desk/translations/files/"
FILE = b'msgid "Contact"\nmsgstr "Napisz do nas"\n\nmsgid "Ticket closed"\nmsgstr "<b>x</b>"\n'


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEPT_SECONDS", 0.0)


def compare(browser: Visitor, content: bytes, name: str = "pl.po") -> tuple[int, str]:
    token = browser.page(FILES).xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "file": (io.BytesIO(content), name)}
    answer = browser.post(f"{FILES}compare?language=pl", data=data)
    return answer.status_code, answer.text


def test_an_export_is_the_file_of_the_repository_with_what_was_saved(tom: Visitor) -> None:
    shipped = Shipped("pl", "messages").po.read_bytes()
    assert tom.get(f"{FILES}pl/messages.po").data == shipped
    save(tom, CONTACT, "Napisz do nas")
    changed = tom.get(f"{FILES}pl/messages.po").data
    assert changed == shipped.replace(b'msgid "Contact"\nmsgstr "Kontakt"', b'msgid "Contact"\nmsgstr "Napisz do nas"')


def test_an_import_shows_the_difference_and_keeps_what_is_ticked(
    tom: Visitor, client: Visitor, browser_of: Browser
) -> None:
    status, text = compare(tom, FILE)
    assert status == 200
    assert "Napisz do nas" not in client.get("/contact").text
    assert "Wiersz 4" in text
    form = html.fromstring(text).xpath("//form[contains(@action, '/take')]")[0]
    _method, _path, data = filled_in(form, FILES, {})
    tom.post(form.get("action"), data=data)
    assert "Napisz do nas" in client.get("/contact").text
    ola = browser_of(OLA)
    save(ola, CONTACT, "Zadzwoń do nas")
    answer = tom.post(form.get("action"), data=data, follow_redirects=True)
    assert "Ktoś zmienił" in answer.text
    assert "Zadzwoń do nas" in client.get("/contact").text


@pytest.mark.parametrize(
    ("content", "name"), [(b"x", "x.po"), (b"x", "x.exe"), (b"<x/>", "x.xliff"), (b"", ""), (b'msgid "a', "A.PO")]
)
def test_what_is_no_catalog_is_refused(tom: Visitor, content: bytes, name: str) -> None:
    status, text = compare(tom, content, name)
    assert status == 422
    assert "alert-danger" in text


@pytest.mark.parametrize("changes", ["", "[]", "{", '{"messages/x": 1}', '{"messages/x": [["a"], 0, false]}'])
def test_what_was_made_of_the_difference_changes_nothing(tom: Visitor, changes: str) -> None:
    token = tom.page(FILES).xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "changes": changes, "take": "messages/x"}
    assert tom.post(f"{FILES}take?language=pl", data=data).status_code == 303


def test_who_may_not_translate_gets_no_file(browser_of: Browser) -> None:
    assert browser_of(ANNA).get(f"{FILES}pl/messages.po").status_code == 403
    assert "Pliki" in text_of(browser_of(OLA).page("/desk/translations/"))
