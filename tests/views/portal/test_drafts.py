"""What a customer has begun to write outlives a reload, another device and a session that ended."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import func, select

from app.extensions import db
from app.models.draft import Draft
from app.models.ticket import Message, Ticket
from tests.browsing import Visitor, filled_in, text_of

Browser = Callable[[str], Visitor]
EMAIL = "anna@klient.example"
NEW = "/tickets/new?group=1"
FORM = "//main//form[@data-draft]"


@pytest.fixture
def anna(make_account: Callable[..., int], browser_of: Browser) -> Visitor:
    make_account(EMAIL, organisation="Klient", name="Anna Nowak")
    return browser_of(EMAIL)


def kept(visitor: Visitor, path: str, at: str, **values: object) -> None:
    _method, _target, data = filled_in(visitor.page(path).xpath(FORM)[0], path, values)
    assert visitor.post(at, data={**data, "draft": "keep"}).status_code == 303


def test_a_new_ticket_begun_here_goes_on_in_another_browser(app: Flask, anna: Visitor, browser_of: Browser) -> None:
    file = (io.BytesIO(b"abc"), "zrzut.txt")
    kept(anna, NEW, "/tickets/new/draft?group=1", subject="Drukarka", text="Nie drukuje", priority="high", files=file)
    elsewhere = browser_of(EMAIL)
    page = elsewhere.page(NEW)
    assert page.xpath("//input[@name='subject']/@value") == ["Drukarka"]
    assert page.xpath("//select[@name='priority']/option[@selected]/@value") == ["high"]
    assert "zrzut.txt" in text_of(page.xpath(FORM)[0])
    assert not elsewhere.page("/tickets/new?group=2").xpath("//input[@name='subject']/@value")[0]
    sent = elsewhere.submit(NEW, {}, form=FORM)
    assert "zrzut.txt" in sent.text
    with app.app_context():
        assert db.session.scalars(select(Ticket.subject)).all() == ["Drukarka"]
        assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_a_refused_ticket_keeps_its_files(anna: Visitor) -> None:
    refused = anna.submit(NEW, {"text": "Bez tematu", "files": (io.BytesIO(b"abc"), "zrzut.txt")}, form=FORM)
    form = html.fromstring(refused.text).xpath(FORM)[0]
    assert "zrzut.txt" in text_of(form)
    sent = anna.send(form, NEW, {"subject": "Temat"})
    assert "zrzut.txt" in text_of(html.fromstring(sent.text).xpath("//article")[0])


def test_a_file_that_is_unticked_does_not_go_along(anna: Visitor) -> None:
    kept(anna, NEW, "/tickets/new/draft?group=1", subject="A", text="B", files=(io.BytesIO(b"abc"), "zrzut.txt"))
    sent = anna.submit(NEW, {"kept": None}, form=FORM)
    assert "zrzut.txt" not in sent.text


def test_a_reply_is_kept_and_sent_once(app: Flask, anna: Visitor) -> None:
    path = anna.submit(NEW, {"subject": "Temat", "text": "Opis"}, form=FORM).request.path
    kept(anna, path, f"{path}/draft", text="Jeszcze jedno")
    page = anna.page(path)
    assert page.xpath("//textarea[@name='text']")[0].text.strip() == "Jeszcze jedno"
    anna.submit(path, {}, form=FORM)
    with app.app_context():
        assert list(db.session.scalars(select(Message.text).order_by(Message.id))) == ["Opis", "Jeszcze jedno"]
    assert not (anna.page(path).xpath("//textarea[@name='text']")[0].text or "").strip()


@pytest.mark.parametrize("group", ["", "0", "99", "x"])
def test_a_draft_of_no_product_group_leads_to_their_choice(app: Flask, anna: Visitor, group: str) -> None:
    _method, _target, data = filled_in(anna.page(NEW).xpath(FORM)[0], NEW, {"subject": "A"})
    assert anna.post(f"/tickets/new/draft?group={group}", data=data).location == "/tickets/new"
    with app.app_context():
        assert db.session.scalar(select(func.count(Draft.id))) == 0
