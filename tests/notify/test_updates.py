"""Updates of five minutes are one letter, in its reader's language and zone, and say why he gets it (S26)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.desk import field_sets, field_values, tickets
from app.desk.transfer import transfer
from app.events.outbox import claim
from app.events.record import Reaction
from app.events.transaction import transaction
from app.events.wake import LETTERS
from app.extensions import db
from app.mail.compose import compose
from app.models.beside import Watcher
from app.models.event import Event, Letter, OutboxItem
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.models.types import utc_now
from tests.fields.samples import a_field
from tests.mail.desk import CONSULTANT, CUSTOMER, account, letter_to, letters, notify, open_ticket


@pytest.fixture(autouse=True)
def _people(context: None, make_account: Callable[..., int]) -> None:
    make_account(CUSTOMER, organisation="Klient", name="Anna Nowak")
    make_account("john@klient.example", organisation="Klient", name="John Smith", locale="en")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS", "TARGIT"), name="Ewa Wrona")


@pytest.fixture
def ticket() -> Ticket:
    made = open_ticket()
    notify()
    return made


def change(ticket: Ticket) -> None:
    """Five updates, two of them of one kind."""
    ewa = account(CONSULTANT)
    targit = db.session.scalars(select(ProductGroup).where(ProductGroup.name == "TARGIT")).one()
    for act in (
        lambda: tickets.set_priority(ticket, to="high", by=ewa),
        lambda: tickets.set_priority(ticket, to="urgent", by=ewa),
        lambda: tickets.assign(ticket, to=ewa, by=ewa),
        lambda: tickets.rename(ticket, to="Raport zupełnie pusty", by=ewa),
        lambda: tickets.move(ticket, to="waiting_third_party", by=ewa),
        lambda: transfer(ticket, to=targit, by=ewa),
    ):
        with transaction():
            act()
        notify()


def updates() -> list[Letter]:
    return [letter for letter in letters() if letter.template == "update"]


def test_updates_of_some_minutes_are_one_letter_that_waits(ticket: Ticket) -> None:
    change(ticket)
    (letter,) = updates()
    assert letter.account.email == CUSTOMER
    due = db.session.scalars(select(OutboxItem.due_at).where(OutboxItem.letter_id == letter.id)).one()
    assert due is not None
    assert timedelta(minutes=4) < due - utc_now() <= timedelta(minutes=5)
    assert letter.id not in [item.letter_id for item in claim(LETTERS, utc_now())]
    text = str(compose(letter).body)
    for said in ("Pilny", "Ewa Wrona", "Raport zupełnie pusty", "Czeka na dostawcę", "TARGIT"):
        assert said in text
    assert "Wysoki" not in text, "of several changes of one kind the last one counts"
    assert "Państwa zgłoszenie" in text


def test_fields_that_the_reader_reads_are_told_with_what_they_hold(ticket: Ticket) -> None:
    everybodys = a_field("text", "town", labels={"pl": "Miasto", "en": "Town"})
    company = a_field("reference", "company", target="organisation", labels={"pl": "Firma", "en": "Company"})
    desks = a_field("text", "secret", read_by=("consultant",))
    with transaction():
        field_sets.publish([everybodys, company, desks], reason="próba", by=None)
    for town in ("Łódź", "Kraków"):
        with transaction():
            given = {everybodys.id: town, company.id: ticket.organisation_id, desks.id: "Tajne"}
            field_values.fill(ticket, given, by=account(CONSULTANT))
        notify()
    (letter,) = updates()
    text = str(compose(letter).body)
    for said in ("Miasto: Kraków", "Firma: Klient"):
        assert said in text
    for unsaid in ("Łódź", "Tajne", "secret"):
        assert unsaid not in text


def test_a_later_update_is_another_letter(ticket: Ticket) -> None:
    change(ticket)
    with transaction():
        for letter in updates():
            letter.created_at -= timedelta(minutes=6)
        for event in db.session.scalars(select(Event)):
            event.created_at -= timedelta(minutes=6)
        tickets.set_priority(ticket, to="low", by=account(CONSULTANT))
    notify()
    first, second = updates()
    assert "Niski" not in str(compose(first).body)
    assert "Niski" in str(compose(second).body)
    assert "Pilny" not in str(compose(second).body)


def test_answers_and_ends_do_not_wait(ticket: Ticket) -> None:
    with transaction():
        tickets.resolve(ticket, by=account(CONSULTANT))
    notify()
    letter = letter_to(CUSTOMER, "resolved")
    assert letter.id in [item.letter_id for item in claim(LETTERS, utc_now())]
    assert db.session.scalars(select(OutboxItem).where(OutboxItem.reaction == Reaction.SEND)).all()


def test_each_reader_has_his_language_zone_and_reason(ticket: Ticket) -> None:
    with transaction():
        john = account("john@klient.example")
        john.timezone = "America/New_York"
        db.session.add(Watcher(ticket_id=ticket.id, account_id=john.id))
    change(ticket)
    by_reader = {letter.account.email: str(compose(letter).body) for letter in updates()}
    assert "The priority is now: Urgent." in by_reader["john@klient.example"]
    assert "because you watch the ticket" in by_reader["john@klient.example"]
    open_ticket(requester="john@klient.example", arrived_at=datetime(2026, 11, 27, 16, 1, tzinfo=UTC))
    notify()
    assert "03:00" in str(compose(letter_to("john@klient.example", "acknowledgement")).body), "Monday 9:00 in Warsaw"


def test_who_muted_updates_gets_none(ticket: Ticket) -> None:
    with transaction():
        account(CUSTOMER).mutes = ["updates"]
    change(ticket)
    assert updates() == []
