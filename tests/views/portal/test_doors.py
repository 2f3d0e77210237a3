"""What strangers, broken forms and odd addresses meet at the portal's doors (attack cases O01, O05, O06, O49-O53)."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from app.access import Right, get_ticket, standing_of
from app.accounts import sessions
from app.desk import tickets
from app.desk.content import Contribution, StoredFile
from app.events.transaction import transaction
from app.extensions import db
from app.files.store import FileStore
from app.models.account import Account
from app.models.ticket import Channel
from config import Settings
from tests.browsing import Visitor, text_of
from tests.files.test_pictures import PNG
from tests.views.statements import counted

Browser = Callable[[str], Visitor]
NUMBER = 1001


@pytest.fixture
def anna(make_account: Callable[..., int], browser_of: Browser) -> Visitor:
    make_account("anna@klient.example", organisation="Klient", name="Anna Nowak")
    make_account("obcy@inny.example", organisation="Inny")
    make_account("jan@desk.example", role="consultant", groups=("DYNAMICS",))
    return browser_of("anna@klient.example")


def report(browser: Visitor, *files: tuple[str, bytes], subject: str = "Raport jest pusty") -> None:
    chosen = [(io.BytesIO(content), name) for name, content in files]
    browser.submit("/tickets/new?group=1", {"subject": subject, "text": "Opis", "files": chosen or None})


def file_links(browser: Visitor) -> list[str]:
    return [str(link) for link in browser.page(f"/tickets/{NUMBER}").xpath("//ul[@class='files']//a/@href")]


def account(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).unique().one()


@pytest.mark.parametrize("name", ["x.svg", "x.html", "x.xml", "x.js", "x.xhtml"])
def test_what_could_run_is_only_ever_saved(anna: Visitor, name: str) -> None:
    report(anna, (name, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"))
    with anna.get(file_links(anna)[0]) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.mimetype == "application/octet-stream"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_picture_is_shown_in_place(anna: Visitor) -> None:
    report(anna, ("ekran.png", PNG))
    with anna.get(file_links(anna)[0]) as answer:
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.mimetype == "image/png"


def test_head_range_and_etag_of_a_file(anna: Visitor) -> None:
    report(anna, ("plik.txt", b"0123456789"))
    link = file_links(anna)[0]
    with anna.head(link) as answer:
        assert (answer.status_code, answer.content_length) == (200, 10)
        tag = answer.headers["ETag"]
    with anna.get(link, headers={"Range": "bytes=2-4"}) as answer:
        assert (answer.status_code, answer.data) == (206, b"234")
    with anna.get(link, headers={"If-None-Match": tag}) as answer:
        assert answer.status_code == 304


@pytest.mark.parametrize("extra", [{}, {"Range": "bytes=0-10"}])
def test_a_file_of_another_company_is_a_missing_file(anna: Visitor, browser_of: Browser, extra: dict[str, str]) -> None:
    report(anna, ("plik.txt", b"ZQXATT"))
    link = file_links(anna)[0]
    stranger = browser_of("obcy@inny.example")
    for method in (stranger.get, stranger.head):
        assert method(link, headers=extra).status_code == 404
    assert b"ZQXATT" not in stranger.get(link).data


def test_a_file_without_signing_in_leads_to_the_sign_in_page(anna: Visitor, client: Visitor) -> None:
    report(anna, ("plik.txt", b"x"))
    assert "/login?next=" in client.get(file_links(anna)[0]).location


@pytest.mark.parametrize("number", ["0", "99999999999", "99999999999999999999", "-1", "abc", "1%00"])
def test_an_impossible_file_is_a_missing_page(anna: Visitor, number: str) -> None:
    assert anna.get(f"/attachments/{number}/a.txt").status_code == 404


def test_a_note_and_its_file_are_never_the_customers(app: Flask, anna: Visitor, settings: Settings) -> None:
    report(anna)
    with app.app_context(), transaction():
        jan = account("jan@desk.example")
        standing = standing_of(db.session(), jan)
        ticket = get_ticket(db.session(), standing, NUMBER, may=Right.HANDLE, lock=True)
        digest = FileStore(settings.data / "files").put(b"ZQXNOTEATT")
        stored = StoredFile(name="n.txt", size=10, content_type="text/plain", sha256=digest)
        tickets.note(ticket, Contribution(text="ZQXNOTE", channel=Channel.PORTAL, files=[stored]), by=jan)
    assert "ZQXNOTE" not in anna.get(f"/tickets/{NUMBER}").text
    assert anna.get("/attachments/1/n.txt").status_code == 404


def test_a_file_whose_bytes_are_gone_is_said_to_be_gone(anna: Visitor, settings: Settings) -> None:
    report(anna, ("plik.txt", b"x"))
    link = file_links(anna)[0]
    for path in Path(settings.data / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    answer = anna.get(link)
    assert answer.status_code == 410
    assert "<h1" in answer.text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/cron.d/x", "x"),
        ("..\\..\\x.txt", "x.txt"),
        ("'><svg onload=alert(1)>.jpg", "'svg onload=alert(1).jpg"),
        ("zażółć gęślą.txt", "zażółć gęślą.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("x" * 400 + ".txt", "x" * 146 + ".txt"),
    ],
)
def test_names_of_files_are_names_only(anna: Visitor, given: str, kept: str) -> None:
    report(anna, (given, b"x"))
    link = anna.page(f"/tickets/{NUMBER}").xpath("//ul[@class='files']//a")[0]
    assert text_of(link).startswith(kept)
    with anna.get(link.get("href")) as answer:
        assert answer.status_code == 200
        answer.headers["Content-Disposition"].encode("latin-1")


def test_a_file_that_came_with_a_broken_form_must_be_chosen_again(anna: Visitor) -> None:
    files = [(io.BytesIO(b"x"), "plik.txt")]
    answer = anna.submit("/tickets/new?group=1", {"subject": "", "text": "Długi opis", "files": files})
    assert "plik.txt" in answer.text
    assert "Długi opis" in answer.text


def test_a_full_disk_is_said_and_the_words_stay(anna: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_store: FileStore, _content: bytes) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileStore, "put", refuse)
    files = [(io.BytesIO(b"x"), "plik.txt")]
    answer = anna.submit("/tickets/new?group=1", {"subject": "Temat", "text": "Długi opis", "files": files})
    assert answer.status_code == 200
    assert "Długi opis" in answer.text
    assert "Temat" not in text_of(anna.page("/tickets/"))


def test_more_than_a_request_may_hold_is_refused_and_the_words_are_kept(anna: Visitor, settings: Settings) -> None:
    page = anna.page("/tickets/new?group=1")
    size = settings.letter_limit // 2 + 2**20
    files = [(io.BytesIO(b"x" * size), f"{name}.bin") for name in "ab"]
    words = {"subject": "Długi temat", "text": "Długi opis ąę"}
    answer = anna.send(page.xpath("//main//form")[0], "/tickets/new?group=1", {**words, "files": files})
    assert answer.status_code == 413
    form = html.fromstring(answer.text).xpath("//main//form[@method='post']")[0]
    assert {name: form.fields[name].strip() for name in words} == words
    said = text_of(html.fromstring(answer.text))
    assert "a.bin, b.bin" in said
    assert "jeden może mieć 20 MiB, wszystkie razem 25 MiB" in said
    assert anna.send(form, "/tickets/new?group=1", {}).status_code == 200  # sent again without the files
    assert "Długi temat" in text_of(anna.page("/tickets/"))


def test_a_request_without_end_is_not_listened_to(anna: Visitor, settings: Settings) -> None:
    much = {"CONTENT_LENGTH": str(5 * settings.letter_limit), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = anna.post("/tickets/new?group=1", environ_overrides=much, input_stream=io.BytesIO(b"--x"))
    assert answer.status_code == 413
    assert "<h1" in answer.text


@pytest.mark.parametrize(
    "values",
    [
        {"subject": "\x00", "text": "x"},
        {"subject": "x", "text": "\x00 "},
        {"subject": "x" * 501, "text": "x"},
        {"subject": "x", "text": "x", "priority": "gigantic"},
        {"subject": None, "text": None, "priority": None},
    ],
)
def test_a_ticket_of_missing_or_foreign_values_is_refused(anna: Visitor, values: dict[str, str | None]) -> None:
    answer = anna.submit("/tickets/new?group=1", values)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert anna.get(f"/tickets/{NUMBER}").status_code == 404


@pytest.mark.parametrize("group", ["0", "999", "abc", "1;2", "99999999999999999999", "%00", "-1"])
def test_an_unknown_product_group_asks_again(anna: Visitor, group: str) -> None:
    assert len(anna.page(f"/tickets/new?group={group}").xpath("//main//a[contains(@href,'group=')]")) == 4


def test_a_foreign_ticket_cannot_be_answered_closed_or_reopened(anna: Visitor, browser_of: Browser) -> None:
    report(anna)
    stranger = browser_of("obcy@inny.example")
    token = stranger.page("/tickets/new?group=1").xpath("//main//input[@name='csrf_token']/@value")[0]
    for act in ("reply", "close", "reopen"):
        for number in (NUMBER, 999999, "99999999999999999999"):
            data = {"csrf_token": token, "text": "ZQXFOREIGN"}
            assert stranger.post(f"/tickets/{number}/{act}", data=data).status_code == 404
    assert "ZQXFOREIGN" not in anna.get(f"/tickets/{NUMBER}").text


@pytest.mark.parametrize("act", ["reply", "close", "reopen"])
def test_no_change_by_get_or_without_the_forms_token(anna: Visitor, act: str) -> None:
    report(anna)
    assert anna.get(f"/tickets/{NUMBER}/{act}").status_code == 405
    answer = anna.post(f"/tickets/{NUMBER}/{act}", data={"text": "ZQXFORGED"})
    assert answer.status_code == 400
    assert "ZQXFORGED" not in anna.get(f"/tickets/{NUMBER}").text


def test_closing_twice_is_said_kindly(anna: Visitor) -> None:
    report(anna)
    form = anna.page(f"/tickets/{NUMBER}").xpath("//form[contains(@action,'close')]")[0]
    anna.send(form, "", {})
    answer = anna.send(form, "", {})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text


def test_a_session_ended_elsewhere_leads_to_signing_in(app: Flask, anna: Visitor) -> None:
    report(anna)
    page = anna.page(f"/tickets/{NUMBER}")
    with app.app_context(), transaction():
        sessions.end_all(account("anna@klient.example"))
    assert "/login?next=" in anna.get("/tickets/").location
    answer = anna.send(page.xpath("//form[contains(@action,'reply')]")[0], "", {"text": "x"}, follow=False)
    assert answer.status_code in (302, 400)


def test_markup_in_names_and_words_stays_words(anna: Visitor) -> None:
    evil = "<img src=x onerror=alert(1)>"
    report(anna, (f"{evil}.png", b"x"), subject=evil)
    anna.submit("/profile/", {"first_name": evil})
    for path in ("/", "/tickets/", f"/tickets/{NUMBER}", "/profile/", f"/search?q={evil}", f"/tickets/?since={evil}"):
        assert evil not in anna.get(path).text


def test_a_consultant_is_led_to_his_own_page_of_the_ticket(anna: Visitor, browser_of: Browser) -> None:
    report(anna)
    assert browser_of("jan@desk.example").get(f"/tickets/{NUMBER}").location == f"/desk/tickets/{NUMBER}"


def test_the_list_takes_five_statements_at_most(app: Flask, anna: Visitor) -> None:
    for _number in range(3):
        report(anna)
    anna.get("/tickets/")
    with counted(app) as sent:
        anna.get("/tickets/?state=new&state=open&group=1&since=2026-01-01&mine=1")
    assert len(sent) <= 5, sent


def test_several_states_can_be_chosen_and_nonsense_is_named(anna: Visitor) -> None:
    report(anna)
    page = anna.page("/tickets/?state=new&state=open")
    assert page.xpath("//input[@name='state'][@checked]/@value") == ["new", "open"]
    assert f"#{NUMBER}" in text_of(page)
    assert f"#{NUMBER}" not in text_of(anna.page("/tickets/?state=closed&state=resolved"))
    assert anna.page("/tickets/?state=nonsense").xpath("//div[@role='status']")


def test_the_language_switch_keeps_the_whole_address(anna: Visitor) -> None:
    page = anna.page("/tickets/?state=new&group=1")
    assert anna.get(page.xpath("//a[@hreflang='en']/@href")[0]).location == "/tickets/?state=new&group=1"


def test_the_contact_page_tells_the_calendars_hours(client: Visitor) -> None:
    assert "poniedziałek – piątek 09:00–17:00" in text_of(client.page("/contact"))


def test_home_tells_the_telephone_menu(client: Visitor) -> None:
    assert "4 – POWER BI" in text_of(client.page("/"))
