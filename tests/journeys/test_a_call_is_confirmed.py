"""A call is written down; the customer, whom nobody knew, answers the letter (S6, S17, S21)."""

from __future__ import annotations

from flask import Flask

from app.desk.alarms import ring
from app.extensions import db
from app.jobs.chores import RULES
from app.models.ticket import Ticket
from tests.journeys.post import Office, Writer, language_of, link_in
from tests.journeys.web import Person
from tests.mail.letters import text_of

CALL = {"name": "Anna Nowak", "email": "anna@klient.example", "subject": "Drukarka milczy", "product_group": "1"}


def status(app: Flask) -> str:
    with app.app_context():
        return db.session.get_one(Ticket, 1).status


def test_an_answer_confirms_and_a_strangers_letter_does_not(
    app: Flask, office: Office, customer: Writer, consultants_post: Writer, consultant: Person
) -> None:
    consultant.submit("/desk/tickets/new", CALL)
    asked = customer.one_letter()
    assert "1001" in text_of(asked)
    assert link_in(asked, "/calls/confirm/")
    assert language_of(asked) == "pl"  # nobody has told us another
    assert consultants_post.news() == []  # she wrote it down herself

    stranger = Writer(office, "obcy@gdzies.example", "Obcy", "pl")
    stranger.write("PomocDYNAMICS@pomoc.example", "[#1001] Drukarka milczy", "To ja dzwoniłem.")
    forged = Writer(office, customer.address, "Anna Nowak", "pl")
    forged.write("PomocDYNAMICS@pomoc.example", "[#1001] Drukarka milczy", "Potwierdzam.")
    assert status(app) == "unconfirmed"
    again = customer.one_letter()
    assert link_in(again, "/calls/confirm/")

    customer.answer(again, "Tak, dzwoniłam.")
    assert status(app) == "new"


def test_an_answer_after_the_deadline_opens_the_ticket_again(
    app: Flask, customer: Writer, consultants_post: Writer, consultant: Person
) -> None:
    consultant.submit("/desk/tickets/new", CALL)
    customer.news()
    with app.app_context():
        confirmation = db.session.get_one(Ticket, 1).confirmation
        assert confirmation is not None
        ring(RULES, now=confirmation.due_at)
    lapsed = customer.one_letter()
    assert "zamknęliśmy" in text_of(lapsed)
    assert "1001" in text_of(consultants_post.one_letter())
    customer.answer(lapsed, "Tak, dzwoniłam.")
    assert status(app) == "new"
