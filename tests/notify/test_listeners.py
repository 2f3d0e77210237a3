"""Who hears of what: everybody whom it concerns, once, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.desk import tickets
from app.desk.absences import set_absence
from app.events.record import Reaction
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Role
from app.models.ticket import Participant, Ticket
from app.models.types import utc_now
from app.notify import listeners
from tests.mail.desk import CONSULTANT, CUSTOMER, account, answer, notify, open_ticket, owed, told, words
from tests.views.statements import counted

SECOND = "jan@pomoc.example"


@pytest.fixture(autouse=True)
def _people(context: None, make_account: Callable[..., int]) -> None:
    make_account(CUSTOMER, organisation="Klient", name="Anna Nowak")
    make_account("piotr@klient.example", organisation="Klient", name="Piotr Lis")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",), name="Ewa Wrona")
    make_account(SECOND, role="consultant", groups=("DYNAMICS",), name="Jan Kos")
    make_account("ola@pomoc.example", role="consultant", groups=("TARGIT",), name="Ola Sowa")


@pytest.fixture
def ticket() -> Ticket:
    """A ticket whose opening everybody has heard of."""
    made = open_ticket()
    notify()
    forget()
    return made


def forget() -> None:
    """What was owed so far is done."""
    with transaction():
        for table in ("outbox", "letter"):
            db.session.execute(db.metadata.tables[table].delete())


def test_the_requester_is_acknowledged_and_the_group_hears_of_a_new_ticket() -> None:
    open_ticket()
    assert sorted(notify()) == [
        (CUSTOMER, "acknowledgement"),
        (CONSULTANT, "new_ticket"),
        (SECOND, "new_ticket"),
    ]


def test_a_machine_is_not_acknowledged() -> None:
    open_ticket(automatic=True)
    assert "acknowledgement" not in [template for _reader, template in notify()]


def test_running_twice_owes_each_letter_once() -> None:
    open_ticket()
    before = notify()
    listeners.perform(owed(Reaction.NOTIFY))
    assert told() == before


def test_an_answer_reaches_requester_and_participants_but_not_its_author(ticket: Ticket) -> None:
    with transaction():
        db.session.add(Participant(ticket_id=ticket.id, account_id=account("piotr@klient.example").id))
    answer(ticket)
    assert notify() == [(CUSTOMER, "answer"), ("piotr@klient.example", "answer")]


def test_an_answer_that_resolves_is_one_letter(ticket: Ticket) -> None:
    answer(ticket, then="resolved")
    assert notify() == [(CUSTOMER, "solution")]


def test_a_reply_reaches_the_assignee_and_without_one_the_group(ticket: Ticket) -> None:
    with transaction():
        tickets.customer_reply(ticket, words("Nadal pusto."), by=account(CUSTOMER))
    assert sorted(notify()) == [(CONSULTANT, "customer_replied"), (SECOND, "customer_replied")]
    forget()
    with transaction():
        tickets.assign(ticket, to=account(SECOND), by=account(CONSULTANT))
        tickets.customer_reply(ticket, words("Wciąż pusto."), by=account(CUSTOMER))
    assert notify() == [(SECOND, "assigned"), (CUSTOMER, "update"), (SECOND, "customer_replied")]


def test_who_takes_a_ticket_himself_is_not_told(ticket: Ticket) -> None:
    with transaction():
        tickets.assign(ticket, to=account(CONSULTANT), by=account(CONSULTANT))
    assert notify() == [(CUSTOMER, "update")]


def test_a_note_reaches_the_assignee_and_no_customer(ticket: Ticket) -> None:
    with transaction():
        tickets.assign(ticket, to=account(SECOND), by=account(SECOND))
        tickets.note(ticket, words("Tylko dla nas."), by=account(CONSULTANT))
    assert notify() == [(CUSTOMER, "update"), (SECOND, "noted")]


def test_a_note_does_not_reach_an_assignee_who_is_a_customer_now(ticket: Ticket) -> None:
    with transaction():
        assignee = account(SECOND)
        tickets.assign(ticket, to=assignee, by=assignee)
        db.session.add(Participant(ticket_id=ticket.id, account_id=assignee.id))
        assignee.roles = list(db.session.query(Role).filter_by(name="customer"))
        tickets.note(ticket, words("Tylko dla nas."), by=account(CONSULTANT))
    assert "noted" not in [template for _reader, template in notify()]


@pytest.mark.parametrize(("act", "template"), [("resolve", "resolved"), ("close", "closed")])
def test_the_requester_hears_of_the_end(ticket: Ticket, act: str, template: str) -> None:
    with transaction():
        getattr(tickets, act)(ticket, by=account(CONSULTANT))
    assert (CUSTOMER, template) in notify()


def test_a_customer_who_closes_hears_nothing_of_it(ticket: Ticket) -> None:
    with transaction():
        tickets.close(ticket, by=account(CUSTOMER))
    assert notify() == []


def test_the_requester_hears_that_it_is_open_again(ticket: Ticket) -> None:
    with transaction():
        tickets.close(ticket, by=account(CUSTOMER))
        tickets.reopen(ticket, by=account(CONSULTANT))
    assert (CUSTOMER, "reopened") in notify()


def test_a_deactivated_account_gets_nothing(ticket: Ticket) -> None:
    with transaction():
        account(CUSTOMER).active = False
    answer(ticket)
    assert notify() == []


def test_what_is_asked_does_not_grow_with_the_events(app: Flask) -> None:
    asked = {}
    for size in (1, 8):
        forget()
        for number in range(size):
            open_ticket(message_id=f"<{size}-{number}@klient.example>")
        items = owed(Reaction.NOTIFY)
        with counted(app) as said:
            listeners.perform(items)
        asked[size] = [statement for statement in said if statement.startswith("SELECT")]
    assert len(asked[8]) == len(asked[1])


def test_who_stands_in_for_the_assignee_hears_of_his_tickets(ticket: Ticket) -> None:
    ewa, jan = account(CONSULTANT), account(SECOND)
    with transaction():
        tickets.assign(ticket, to=ewa, by=ewa)
        today = utc_now().astimezone(ZoneInfo("Europe/Warsaw")).date()
        set_absence(ewa, today, today, substitute=jan, zone="Europe/Warsaw")
    notify()
    forget()
    with transaction():
        tickets.customer_reply(ticket, words("Nadal nie działa."), by=account(CUSTOMER))
    assert sorted(notify()) == [(CONSULTANT, "customer_replied"), (SECOND, "customer_replied")]
