"""Made-up tickets: as many as asked for, with clocks as the desk would set them."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.demo.bulk import make_tickets
from app.demo.command import main
from app.desk.clocks import counts_as_received
from app.extensions import db
from app.models.all import Account, Counter, Event, Message, OutboxItem, Ticket
from app.models.types import utc_now

NOW = utc_now()


def count(column: object) -> int:
    return db.session.scalar(select(func.count(column)))  # type: ignore[call-overload, no-any-return]


def test_every_ticket_has_three_messages_and_one_event(app: Flask) -> None:
    make_tickets(app, 300)

    with app.app_context():
        assert (count(Ticket.id), count(Message.id), count(Event.id)) == (300, 900, 300)
        assert set(db.session.scalars(select(func.count(Message.id)).group_by(Message.ticket_id))) == {3}
        for event in db.session.scalars(select(Event).limit(20)):
            assert event.message is not None
            assert event.message.arrived_at == event.created_at
            assert event.message.author_id == event.actor_id


def test_numbers_go_on_where_the_counter_stands(app: Flask) -> None:
    make_tickets(app, 20)
    make_tickets(app, 5, seed=2)

    with app.app_context():
        numbers = list(db.session.scalars(select(Ticket.number).order_by(Ticket.id)))
        assert numbers == list(range(1001, 1026))
        assert db.session.get_one(Counter, "ticket").value == 1025


def test_both_clocks_are_the_desks(app: Flask) -> None:
    make_tickets(app, 300)

    with app.app_context():
        for ticket in db.session.scalars(select(Ticket)):
            assert ticket.counts_as_received_at == counts_as_received(ticket.product_group.calendar, ticket.arrived_at)
            for message in ticket.messages:
                assert message.counts_as_received_at == counts_as_received(
                    ticket.product_group.calendar, message.arrived_at
                )


def test_tickets_come_in_order_and_end_before_now(app: Flask) -> None:
    make_tickets(app, 300, now=NOW)

    with app.app_context():
        tickets = db.session.scalars(select(Ticket).order_by(Ticket.id)).all()
        assert [t.arrived_at for t in tickets] == sorted(t.arrived_at for t in tickets)
        for ticket in tickets:
            assert ticket.arrived_at <= ticket.updated_at <= NOW
            assert ticket.updated_at >= max(message.arrived_at for message in ticket.messages)
            assert (ticket.closed_at is not None) == (ticket.status == "closed")
        assert sum(ticket.status == "closed" for ticket in tickets) > 200


def test_the_same_seed_makes_the_same_tickets(app: Flask) -> None:
    make_tickets(app, 40, now=NOW)
    make_tickets(app, 40, now=NOW)

    with app.app_context():
        subjects = list(db.session.scalars(select(Ticket.subject).order_by(Ticket.id)))
        assert subjects[:40] == subjects[40:]
        assert len(set(subjects)) > 20


def test_nothing_is_owed_and_nobody_can_sign_in(app: Flask) -> None:
    make_tickets(app, 20)

    with app.app_context():
        assert count(OutboxItem.id) == 0
        assert set(db.session.scalars(select(Account.password))) == {None}


@pytest.mark.parametrize("wrong", ["0", "-1", "many", "99999999999"])
def test_a_wrong_number_is_refused(app: Flask, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--tickets", wrong])

    assert "is not a number from 1" in capsys.readouterr().err or wrong == "-1"
