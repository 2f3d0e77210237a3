"""A solved ticket becomes the draft of an article, and an article goes into an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.content import entries
from app.content.entries import Readers, Words
from app.content.publishing import publish
from app.desk import tickets
from app.desk.content import Contribution
from app.events.transaction import transaction
from app.events.wake import LETTERS
from app.extensions import db
from app.jobs.drain import drain_in
from app.models.account import Account
from app.models.entry import Entry, MessageEntry, Visibility
from app.models.ticket import Channel
from tests.browsing import Visitor, text_of
from tests.people import group_named

Browser = Callable[[str], Visitor]
TICKET = "/desk/tickets/1001"


def account(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).unique().one()


def said(text: str) -> Contribution:
    return Contribution(text=text, channel=Channel.PORTAL)


@pytest.fixture
def jan(app: Flask, browser_of: Browser) -> Visitor:
    """A consultant, with a ticket that he has answered."""
    with app.app_context(), transaction():
        anna = account("anna@klient.example")
        ticket = tickets.open_ticket(
            requester=anna,
            product_group=group_named("DYNAMICS"),
            subject="Faktura *nie* wysyła się",
            contribution=said("Błąd [440]\n# co dalej?"),
            by=anna,
        )
        tickets.note(ticket, said("tylko dla nas"), by=account("jan@pomoc.example"))
        tickets.answer(ticket, said("Wystarczy poprawić NIP."), by=account("jan@pomoc.example"))
    return browser_of("jan@pomoc.example")


def write(app: Flask, title: str, readers: Visibility = Visibility.EVERYONE) -> None:
    with app.app_context(), transaction():
        olga = account("olga@pomoc.example")
        words = Words(title, body=f"Treść: {title} ![obraz](/content/files/1/a.png)")
        publish(entries.add_entry("article", "pl", words, by=olga, readers=Readers(readers)).source, seen=1)


def test_question_and_answer_become_a_draft_for_the_desk_alone(jan: Visitor, app: Flask) -> None:
    page = jan.submit(TICKET, {}, form="//form[contains(@action,'/from-ticket/')]")
    assert page.status_code == 200
    with app.app_context():
        entry = db.session.scalars(select(Entry)).one()
        assert (entry.visibility, entry.ticket_id) == (Visibility.CONSULTANTS, 1)
        assert [group.name for group in entry.groups] == ["DYNAMICS"]
        assert entry.source.title == "Faktura *nie* wysyła się"
        assert r"Błąd \[440\]" in entry.source.body
        assert r"\# co dalej?" in entry.source.body
        assert "Wystarczy poprawić NIP." in entry.source.body
        assert "tylko dla nas" not in entry.source.body
    assert "Artykuł z tego zgłoszenia" in jan.get(TICKET).text


def test_a_stranger_to_the_ticket_writes_nothing_from_it(jan: Visitor, browser_of: Browser, app: Flask) -> None:
    olga = browser_of("olga@pomoc.example")
    token = jan.page(TICKET).xpath("//input[@name='csrf_token']/@value")[0]
    assert olga.post("/desk/entries/from-ticket/1001", data={"csrf_token": token}).status_code in (400, 404)
    assert olga.get("/desk/entries/insertable/1001").status_code == 404


def test_what_fits_is_offered_with_its_link_only_where_the_customer_may_read_it(jan: Visitor, app: Flask) -> None:
    write(app, "Faktury do KSeF")
    write(app, "Faktury: notatki zespołu", Visibility.CONSULTANTS)
    write(app, "Drukarka")
    page = jan.page("/desk/entries/insertable/1001?q=fakturę")
    shown = text_of(page)
    assert "Drukarka" not in shown
    assert "Klient go nie otworzy" in shown
    offered = page.xpath("//button/@data-insert")
    assert [words.splitlines()[0] for words in offered] == ["Faktury do KSeF"] * 2 + ["Faktury: notatki zespołu"]
    assert offered[0].splitlines()[1] == "http://localhost:8000/articles/pl/faktury-do-ksef"
    assert not any("/content/files/" in words for words in offered)
    part = jan.get("/desk/entries/insertable/1001?q=nic+takiego", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Żaden tekst nie pasuje" in part


def test_an_answer_that_names_an_article_is_one_of_its_uses(jan: Visitor, app: Flask, browser_of: Browser) -> None:
    write(app, "Faktury do KSeF")
    text = "Zobacz http://localhost:8000/articles/pl/faktury-do-ksef i http://localhost:8000/articles/pl/nie-ma"
    jan.submit(TICKET, {"text": text}, form="//form[contains(@action,'/reply')]")
    drain_in(app, LETTERS)
    with app.app_context():
        assert db.session.query(MessageEntry).count() == 1
    shown = text_of(browser_of("olga@pomoc.example").page("/desk/entries/1/pl/withdraw"))
    assert "1 zgłoszenie" in shown
    assert "#1001" not in shown  # an editor sees no tickets
    assert "#1001" in text_of(browser_of("adam@pomoc.example").page("/desk/entries/1/pl/withdraw"))
