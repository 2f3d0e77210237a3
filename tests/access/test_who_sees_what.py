"""One rule, said once: the table of who sees what, and who may do what."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app.access import (
    NotFound,
    Right,
    Standing,
    changes_view,
    get_attachment,
    get_ticket,
    may_see,
    reach_of,
    sees_account,
    sees_journal,
    sees_message,
    sees_organisation,
    sees_ticket,
    sees_view,
    standing_of,
)
from app.extensions import db
from app.models.account import Account
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.organisation import Organisation
from app.models.saved_view import SavedView, SharedWith
from app.models.ticket import Message, Ticket
from tests.access.conftest import EVERYBODY, NUMBERS, SEES, STAFF, TICKETS, account, rows_of


def standing(email: str) -> Standing:
    return standing_of(db.session(), account(email))


@pytest.fixture
def desk(everybody: Flask) -> Iterator[None]:
    """A context in which the rule can be asked directly. Not together with browsers."""
    with everybody.app_context():
        yield


def test_the_clause_says_what_the_table_says(desk: None) -> None:
    seen = {
        email: set(db.session.scalars(select(Ticket.number).where(sees_ticket(standing(email))))) for email in EVERYBODY
    }
    assert seen == SEES
    every = db.session.scalars(select(Ticket)).all()
    may = {email: {row.number for row in every if may_see(db.session(), account(email), row)} for email in EVERYBODY}
    assert may == SEES


def test_a_confidential_ticket_is_not_shared_by_its_product_group_either(desk: None) -> None:
    db.session.scalars(select(Ticket).where(Ticket.number == 1003)).one().confidential = True
    db.session.commit()
    for email in EVERYBODY:
        seen = set(db.session.scalars(select(Ticket.number).where(sees_ticket(standing(email)))))
        assert seen == SEES[email] - (set() if email in {"piotr@klient.example", *STAFF} else {1003})


def test_rows_that_are_loaded_already_say_what_the_clause_says(desk: None) -> None:
    everybody = [account(email) for email in EVERYBODY]
    every = db.session.scalars(select(Ticket)).all()
    reach = reach_of(db.session(), everybody, every)
    for person in everybody:
        rights = {row.number: reach.rights(person, row) for row in every}
        assert {number for number, held in rights.items() if held} == SEES[person.email]
        assert all(held == rights_in(person.email, row) for row, held in rights.items() if held)


def test_a_foreign_ticket_and_a_missing_one_are_the_same(desk: None) -> None:
    opened = {
        email: {number for number in (*NUMBERS, 0, -1, 999, 2**31, 2**70) if opens(email, number)}
        for email in EVERYBODY
    }
    assert opened == SEES


READ, TALK = {Right.SEE}, {Right.SEE, Right.WRITE}
RIGHTS = {
    # what each may do with every ticket that he sees and did not report himself
    "anna@klient.example": TALK,
    "piotr@klient.example": TALK,
    "wybrane@klient.example": TALK,
    "gosc@partner.example": TALK,
    "both@obie.example": TALK,
    "marek@klient.example": {*TALK, Right.SHARE},
    "jan@pomoc.example": set(Right) - {Right.MANAGE},
    "iga@pomoc.example": set(Right) - {Right.MANAGE},
    "widzi@pomoc.example": READ,
    "kieruje@pomoc.example": set(Right),
    "adam@pomoc.example": set(Right),
    "audyt@pomoc.example": READ,
}


def rights_in(email: str, number: int) -> set[Right]:
    return {*TALK, Right.SHARE, Right.HIDE} if TICKETS[number][0] == email else RIGHTS[email]


def test_what_everybody_may_do(desk: None) -> None:
    for email in RIGHTS:
        for number in SEES[email]:
            assert {right for right in Right if opens(email, number, may=right)} == rights_in(email, number)


def test_a_consultant_is_a_customer_in_a_ticket_of_his_own_elsewhere(desk: None) -> None:
    db.session.get_one(Ticket, 3).requester_id = account("jan@pomoc.example").id
    db.session.commit()
    rights = {right for right in Right if opens("jan@pomoc.example", 1003, may=right)}
    assert rights == {*TALK, Right.SHARE, Right.HIDE}


def test_files_follow_their_message_and_notes_are_the_desks(desk: None) -> None:
    for email in EVERYBODY:
        opened = {file_id for file_id in (*range(-1, 12), 2**31, 2**70) if opens_file(email, file_id)}
        assert opened == rows_of(email), email


def opens(email: str, number: int, *, may: Right = Right.SEE) -> bool:
    try:
        return get_ticket(db.session(), standing(email), number, may=may).number == number
    except NotFound:
        return False


def opens_file(email: str, file_id: int) -> bool:
    try:
        return get_attachment(db.session(), standing(email), file_id).id == file_id
    except NotFound:
        return False


def test_organisations_and_accounts_are_the_desks_to_see(desk: None) -> None:
    own = {"both@obie.example": {"Klient", "Inny"}, "ewa@inny.example": {"Inny"}}
    for email in EVERYBODY:
        expected = own.get(email, {"Klient"} if email.endswith("@klient.example") else set())
        organisations = set(db.session.scalars(select(Organisation.name).where(sees_organisation(standing(email)))))
        accounts = set(db.session.scalars(select(Account.email).where(sees_account(standing(email)))))
        assert organisations == ({"Klient", "Inny"} if email in STAFF else expected)
        assert accounts == ({*EVERYBODY, "listonosz@poczta.example"} if email in STAFF else {email})


def test_the_journal_is_read_by_product_group(desk: None) -> None:
    """A letter to no mailbox of ours is every consultant's to look at."""
    for number, mailbox in enumerate([*db.session.scalars(select(Mailbox).order_by(Mailbox.id)), None], start=1):
        db.session.add(
            JournalEntry(id=number, mailbox=mailbox, transport="smtp", recipient="x", sha256="0" * 64, size=1)
        )
    db.session.commit()
    seen = {
        email: set(db.session.scalars(select(JournalEntry.id).where(sees_journal(standing(email))))) for email in SEES
    }
    assert {email: rows for email, rows in seen.items() if rows} == {
        "jan@pomoc.example": {1, 5},
        "iga@pomoc.example": {3, 5},
        "widzi@pomoc.example": {1, 5},
        "kieruje@pomoc.example": {3, 5},
        "audyt@pomoc.example": {1, 2, 3, 4, 5},
        "adam@pomoc.example": {1, 2, 3, 4, 5},
    }


def test_a_saved_view_is_opened_by_whom_it_is_for_and_changed_by_its_owner_or_an_administrator(desk: None) -> None:
    jan, group = account("jan@pomoc.example"), db.session.get_one(Ticket, 1).product_group
    for number, shared in enumerate(SharedWith, start=1):  # for nobody else, for DYNAMICS, for the desk
        db.session.add(SavedView(id=number, owner=jan, name=shared, query="", shared_with=shared, product_group=group))
    db.session.commit()
    rows = {}
    for email in EVERYBODY:
        opened, changed = (
            set(db.session.scalars(select(SavedView.id).where(rule(standing(email)))))
            for rule in (sees_view, changes_view)
        )
        rows[email] = (opened, changed)
    assert {email: both for email, both in rows.items() if both != (set(), set())} == {
        "jan@pomoc.example": ({1, 2, 3}, {1, 2, 3}),
        "iga@pomoc.example": ({3}, set()),
        "widzi@pomoc.example": ({2, 3}, set()),
        "kieruje@pomoc.example": ({3}, set()),
        "wolny@pomoc.example": ({3}, set()),
        "audyt@pomoc.example": ({2, 3}, set()),
        "adam@pomoc.example": ({2, 3}, {2, 3}),
    }


def test_a_note_is_read_by_the_desk_only(desk: None) -> None:
    for email in EVERYBODY:
        kinds = set(db.session.scalars(select(Message.kind).join(Message.ticket).where(sees_message(standing(email)))))
        assert ("note" in kinds) == (email in STAFF)
