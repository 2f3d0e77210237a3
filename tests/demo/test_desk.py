"""The demo desk: complete, seeded once, and quiet."""

import json

from flask import Flask
from sqlalchemy import func, select

from app.accounts.registration import find_account
from app.demo.desk import FILE, seed
from app.extensions import db
from app.models.all import Account, Attachment, Event, Letter, Message, OutboxItem, Term, Ticket
from app.models.types import utc_now

ROLES = {"customer", "consultant", "translator", "editor", "administrator", "auditor"}


def test_every_role_has_accounts_that_can_sign_in(app: Flask) -> None:
    cards = seed(app)

    assert {card["role"] for card in cards} == ROLES
    with app.app_context():
        for card in cards[:3]:
            account = find_account(card["email"])
            assert account is not None
            assert account.verify_and_update_password(card["password"])
            assert account.role_kinds == {card["role"]}


def test_passwords_are_kept_for_their_owner_only(app: Flask) -> None:
    cards = seed(app)

    path = app.extensions["settings"].data / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == cards
    assert set(cards[0]) == {"role", "email", "password", "language"}


def test_a_second_seed_changes_nothing(app: Flask) -> None:
    cards = seed(app)

    assert seed(app) == []
    assert json.loads((app.extensions["settings"].data / FILE).read_text()) == cards
    with app.app_context():
        assert db.session.scalar(select(func.count(Account.id))) == len(cards) + 1  # and one who only writes letters


def test_nobody_gets_a_letter_about_old_news(app: Flask) -> None:
    seed(app)

    with app.app_context():
        assert set(db.session.scalars(select(OutboxItem.reaction))) == {"index"}
        assert db.session.scalar(select(func.count(Letter.id))) == 0


def test_promises_were_kept_or_are_owed_at_the_time_of_the_stories(app: Flask) -> None:
    begun = utc_now()
    seed(app)

    with app.app_context():
        terms = db.session.scalars(select(Term)).all()
        assert {term.kind for term in terms if term.met_at} == {"first", "next", "solution"}
        assert all(term.met_at < begun.replace(microsecond=0) for term in terms if term.met_at)
        owed = db.session.scalars(select(Ticket).where(Ticket.due_at.is_not(None))).all()
        assert owed
        assert all(not ticket.is_finished for ticket in owed)


def test_tickets_arrived_in_the_past_and_in_both_languages(app: Flask) -> None:
    seed(app)

    with app.app_context():
        tickets = db.session.scalars(select(Ticket).order_by(Ticket.number)).all()
        assert len(tickets) >= 30
        assert {ticket.language for ticket in tickets} == {"pl", "en"}
        assert len({ticket.product_group_id for ticket in tickets}) == 4
        assert len({ticket.status for ticket in tickets}) >= 6
        assert [t.arrived_at for t in tickets] == sorted(t.arrived_at for t in tickets)
        for ticket in tickets:
            assert ticket.arrived_at <= ticket.updated_at
            assert (ticket.closed_at is not None) == (ticket.status == "closed")
        assert any(t.counts_as_received_at > t.arrived_at for t in tickets)


def test_what_happened_is_told_at_its_time(app: Flask) -> None:
    seed(app)

    with app.app_context():
        for ticket in db.session.scalars(select(Ticket)):
            moments = [event.created_at for event in ticket.events]
            assert moments == sorted(moments)
            assert moments[0] == ticket.arrived_at
            assert moments[-1] == ticket.updated_at
        for message in db.session.scalars(select(Message)):
            event = db.session.scalars(select(Event).where(Event.message_id == message.id)).one()
            assert message.arrived_at == event.created_at


def test_attachments_are_real_files(app: Flask) -> None:
    seed(app)

    with app.app_context():
        attachments = db.session.scalars(select(Attachment)).all()
        assert {"image/png", "text/csv"} <= {attachment.content_type for attachment in attachments}
        for attachment in attachments:
            content = app.extensions["files"].get(attachment.sha256)
            assert len(content) == attachment.size
            assert attachment.name.endswith(".png") == content.startswith(b"\x89PNG")
