"""@ in an internal note: who is told, what waits for him, and when it waits no longer."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.desk import tickets
from app.events.record import Reaction
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.event import Letter
from app.models.ticket import Ticket
from app.notify import listeners
from tests.browsing import Visitor, text_of
from tests.mail.desk import owed, words
from tests.views.desk.conftest import Browser, Open

COUNTS = "/desk/today/counts"


def note(browser: Visitor, number: int, text: str) -> str:
    """Write an internal note, and what the page says then."""
    page = f"/desk/tickets/{number}"
    return browser.submit(page, {"note-text": text}, form=f"//form[@action='{page}/note']").text


def mentioned(app: Flask) -> set[str]:
    """To whom a letter is owed because a note speaks to him."""
    with app.app_context():
        listeners.perform(owed(Reaction.NOTIFY))
        query = select(Account.email).join(Letter, Letter.account_id == Account.id)
        return set(db.session.scalars(query.where(Letter.template == "mentioned")))


def test_who_is_mentioned_hears_of_it_and_finds_it_waiting(
    app: Flask, jan: Visitor, open_ticket: Open, browser_of: Browser
) -> None:
    """Of those who may read the note only: neither another product group nor a customer, whatever is written."""
    number, iga = open_ticket(), browser_of("iga@desk.example")
    before = iga.get(COUNTS)
    said = note(jan, number, "@Iga Dwojga, @audyt i @jan: spójrzcie. @ola @anna @anna@klient.example")
    assert "Powiadomieni: Iga Dwojga, Audyt Or." in said
    assert "@ola, @anna, @anna@klient.example" in said
    assert mentioned(app) == {"iga@desk.example", "audyt@desk.example"}
    waits = iga.get(COUNTS, headers={"If-None-Match": before.headers["ETag"]})
    assert (waits.status_code, waits.json["mentions"]) == (200, "1")
    assert "Wzmianki" in text_of(iga.page("/desk/today/").xpath("//section[h2[@id='mentions']]")[0])
    iga.page(f"/desk/tickets/{number}")
    seen = iga.get(COUNTS, headers={"If-None-Match": waits.headers["ETag"]})
    assert (seen.status_code, seen.json["mentions"]) == (200, "0")
    assert browser_of("audyt@desk.example").get(COUNTS).json["mentions"] == "1"


def test_choices_are_those_who_may_read_the_note(jan: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    number = open_ticket()
    offered = jan.page(f"/desk/tickets/{number}/mentionable").xpath("//*[@role='option']/@data-words")
    assert offered == ["Adam Pan", "Audyt Or", "Iga Dwojga"]
    assert browser_of("ola@desk.example").get(f"/desk/tickets/{number}/mentionable").status_code == 404


def test_words_of_customers_and_letters_mention_nobody(app: Flask, open_ticket: Open, browser_of: Browser) -> None:
    number = open_ticket()
    browser_of("anna@klient.example").submit(
        f"/tickets/{number}", {"text": "@iga @Iga Dwojga"}, form="//form[contains(@action, '/reply')]"
    )
    with app.app_context(), transaction():
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        by = db.session.scalars(select(Account).where(Account.email == "jan@desk.example")).one()
        tickets.note(ticket, words("@iga w liście"), by=by)
    assert mentioned(app) == set()


def test_an_answer_settles_it_and_who_may_see_the_ticket_no_more_hears_nothing(
    app: Flask, jan: Visitor, open_ticket: Open, browser_of: Browser
) -> None:
    number, iga = open_ticket(), browser_of("iga@desk.example")
    note(jan, number, "@iga @adam")
    with app.app_context(), transaction():
        adam = db.session.scalars(select(Account).where(Account.email == "adam@desk.example")).one()
        adam.active = False
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        by = db.session.scalars(select(Account).where(Account.email == "iga@desk.example")).one()
        tickets.answer(ticket, words("Sprawdzam."), by=by)
    assert iga.get(COUNTS).json["mentions"] == "0"
    assert mentioned(app) == {"iga@desk.example"}
