"""What follows from what is asked at the public doors, decided where nobody can time it (S1, S17, O21-O23, O43)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import asked, invitations
from app.accounts.choices import let_registrations_wait
from app.accounts.registration import find_account
from app.events.outbox import Item
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.event import Letter, OutboxItem
from app.models.invitation import Invitation, InvitationState, LetterRequest, Wish
from tests.accounts.post import letters_of
from tests.mail.letters import arrive
from tests.mail.letters import letter as written
from tests.people import add_account

NEW = "nowa@klient.example"


def ask(app: Flask, email: str, wish: Wish = Wish.REGISTRATION) -> str | None:
    """Somebody asks and the workers work; answers what became of it."""
    with app.app_context(), transaction():
        asked.ask(wish, email, locale="en", address="127.0.0.1")
    letters_of(app)
    with app.app_context():
        request = db.session.scalars(select(LetterRequest).order_by(LetterRequest.id.desc()).limit(1)).one()
        return request.outcome


def invitation_of(app: Flask, email: str) -> Invitation:
    with app.app_context():
        query = select(Invitation).join(Invitation.account).where(Account.email == email)
        return db.session.scalars(query.order_by(Invitation.id.desc()).limit(1)).one()


@pytest.mark.parametrize(
    ("email", "registration", "password_reset"),
    [
        ("anna@klient.example", "already_registered", "password_reset"),
        ("prywatna@gmail.com", "already_registered", "password_reset"),
        ("listowa@klient.example", "activation", "activation"),
        (NEW, "activation", "unknown"),
        ("obca@gmail.com", "domain_refused", "unknown"),
        ("obca@mailinator.com", "domain_refused", "unknown"),
        ("byla@klient.example", "deactivated", "deactivated"),
    ],
)
def test_who_asks_gets_what_the_desk_knows_of_him(
    app: Flask, email: str, registration: str, password_reset: str
) -> None:
    with app.app_context(), transaction():
        add_account("anna@klient.example")
        add_account("prywatna@gmail.com")
        add_account("listowa@klient.example", registered=False)
        add_account("byla@klient.example").active = False
    assert ask(app, email, Wish.PASSWORD_RESET) == password_reset
    assert ask(app, email) == registration
    owed = [outcome for outcome in (password_reset, registration) if outcome in asked.LETTERS]
    assert letters_of(app) == [(email, outcome) for outcome in owed]


def test_an_unknown_address_gets_an_account_without_a_password(app: Flask) -> None:
    ask(app, NEW)
    with app.app_context():
        made = find_account(NEW)
        assert made is not None
        assert (made.locale, made.password, made.confirmed_at, made.role_kinds) == ("en", None, None, {"customer"})
        assert made.memberships == []


def test_a_refused_domain_leaves_no_account_behind(app: Flask) -> None:
    ask(app, "obca@gmail.com")
    with app.app_context():
        assert find_account("obca@gmail.com") is None


def test_who_wrote_letters_from_a_private_address_is_known(app: Flask) -> None:
    arrive(app, app.extensions["settings"], written(sender="Ola <ola@gmail.com>"))
    assert ask(app, "ola@gmail.com") == "activation"


def test_who_was_invited_from_a_private_address_is_known_until_the_invitation_is_withdrawn(app: Flask) -> None:
    with app.app_context(), transaction():
        boss = add_account("adam@desk.example", role="administrator")
        invitations.invite(add_account("ola@gmail.com", registered=False), by=boss)
    assert ask(app, "ola@gmail.com") == "activation"
    with app.app_context(), transaction():
        (open_one,) = invitations.open_of(find_account("ola@gmail.com") or boss)
        invitations.withdraw(open_one, by=boss)
    assert ask(app, "ola@gmail.com") == "domain_refused"


def test_a_door_is_no_weapon_against_a_mailbox(app: Flask, make_account: Callable[..., int]) -> None:
    make_account("anna@klient.example")
    outcomes = [ask(app, "anna@klient.example", wish) for wish in list(Wish) * 4]
    assert outcomes[5:] == ["too_many"] * 3
    assert len(letters_of(app)) == 5
    with app.app_context(), transaction():
        for row in (*db.session.scalars(select(Letter)), *db.session.scalars(select(LetterRequest))):
            row.created_at -= timedelta(hours=1)
    assert ask(app, "anna@klient.example") == "already_registered"


def test_a_request_is_answered_once_however_often_it_is_performed(app: Flask) -> None:
    ask(app, NEW)
    with app.app_context():
        request = db.session.scalars(select(LetterRequest)).one()
        asked.perform([Item(id=1, reaction="answer", event_id=None, letter_id=None, attempts=0, request_id=request.id)])
        assert db.session.scalars(select(OutboxItem)).all() == []
    assert letters_of(app) == [(NEW, "activation")]


def test_what_was_asked_long_ago_is_forgotten(app: Flask) -> None:
    ask(app, NEW)
    with app.app_context():
        with transaction():
            db.session.scalars(select(LetterRequest)).one().created_at -= asked.KEPT
        with transaction():
            asked.forget_old()
        assert db.session.scalars(select(LetterRequest)).all() == []


@pytest.fixture
def moderated(app: Flask) -> None:
    with app.app_context(), transaction():
        let_registrations_wait(True)


def test_where_the_desk_approves_a_registration_waits_and_its_owner_hears_of_it(app: Flask, moderated: None) -> None:
    assert ask(app, NEW) == "registration_received"
    assert ask(app, NEW) == "registration_received"
    assert ask(app, NEW, Wish.PASSWORD_RESET) == "registration_received"
    assert letters_of(app) == [(NEW, "registration_received")] * 3
    with app.app_context():
        assert len(db.session.scalars(select(Invitation)).all()) == 1
    assert invitation_of(app, NEW).state == InvitationState.WAITING


def test_a_letter_opens_no_door_past_the_approval(app: Flask, moderated: None) -> None:
    arrive(app, app.extensions["settings"], written(sender="Ola <ola@klient.example>"))
    with app.app_context():
        states = {(row[0], row[1]) for row in db.session.execute(select(Letter.template, Letter.state))}
    assert states == {("acknowledgement", "sent"), ("invitation", "suppressed")}
    assert ask(app, "ola@klient.example") == "registration_received"


def test_who_is_approved_gets_his_link_and_who_is_refused_hears_of_it(app: Flask, moderated: None) -> None:
    for email in (NEW, "inna@klient.example"):
        ask(app, email)
    with app.app_context(), transaction():
        boss = add_account("adam@desk.example", role="administrator")
        invitations.approve(db.session.get_one(Invitation, invitation_of(app, NEW).id), by=boss)
        invitations.refuse(db.session.get_one(Invitation, invitation_of(app, "inna@klient.example").id), by=boss)
    assert letters_of(app)[2:] == [(NEW, "activation"), ("inna@klient.example", "registration_refused")]
    assert ask(app, NEW) == "activation"
    assert ask(app, "inna@klient.example") == "registration_refused"


def test_tags_fill_nobodys_mailbox(app: Flask) -> None:
    """anna+1@, anna+2@ ... are one mailbox, and ann@ is another."""
    addresses = [f"anna+{number}@klient.example" for number in range(asked.MOST_LETTERS + 2)]
    for address in [*addresses, "ann@klient.example"]:
        with app.app_context(), transaction():
            asked.ask(Wish.REGISTRATION, address, locale="pl", address=None)
        letters_of(app)
    with app.app_context():
        rows = db.session.execute(select(LetterRequest.email, LetterRequest.outcome).order_by(LetterRequest.id)).all()
    assert [row.outcome for row in rows] == ["activation"] * asked.MOST_LETTERS + ["too_many"] * 2 + ["activation"]
