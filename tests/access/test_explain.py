"""The inspector says what the clauses say, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.explain import WayName, explain
from app.accounts.membership import leave
from app.extensions import db
from app.models.journal import JournalEntry
from app.models.organisation import Organisation
from app.models.ticket import Attachment, Message, Ticket
from app.views.admin.why import WORDS
from tests.access.conftest import EVERYBODY, SEES, STAFF, account, membership, rows_of
from tests.access.test_every_door import Browser, status
from tests.browsing import text_of

Change = Callable[[Callable[[], object]], None]
WHY = {
    # (account, ticket): what each way says
    ("own@klient.example", 1001): {"requester_no", "participant_no", "organisation_own", "chosen_groups_no"},
    ("piotr@klient.example", 1002): {"organisation_confidential"},
    ("wybrane@klient.example", 1003): {"chosen_groups_yes", "organisation_own"},
    ("ewa@inny.example", 1001): {"organisation_other", "no_consultant", "everything_no"},
    ("ewa@inny.example", 1005): {"organisation_none"},
    ("gosc@partner.example", 1004): {"participant_yes", "organisation_other"},
    ("iga@pomoc.example", 1001): {"product_group_no"},
    ("widzi@pomoc.example", 1001): {"product_group_yes"},
    ("audyt@pomoc.example", 1001): {"everything_yes"},
}


@pytest.fixture
def desk(everybody: Flask) -> Iterator[None]:
    with everybody.app_context():
        yield


def test_it_says_what_the_clauses_say_of_every_ticket_message_and_file(desk: None) -> None:
    for email in EVERYBODY:
        person = account(email)
        sees = {row.number for row in db.session.scalars(select(Ticket)) if explain(db.session(), person, row).sees}
        assert sees == SEES[email]
        for kind in (Message, Attachment):
            rows = db.session.scalars(select(kind)).all()
            assert {row.id for row in rows if explain(db.session(), person, row).sees} == rows_of(email), email


def test_each_way_is_told_with_its_reason(desk: None) -> None:
    for (email, number), codes in WHY.items():
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        found = explain(db.session(), account(email), ticket)
        assert codes <= {reason.code for reason in found.reasons}, (email, number, found)
        assert [reason.way for reason in found.reasons] == list(WayName)
        assert found.sees == any(reason.lets_in for reason in found.reasons)
        assert all(reason.code in WORDS for reason in found.reasons)


def test_organisations_accounts_and_letters(desk: None) -> None:
    entry = JournalEntry(mailbox=None, transport="smtp", recipient="x", sha256="0" * 64, size=1)
    db.session.add(entry)
    db.session.commit()
    klient = db.session.scalars(select(Organisation).where(Organisation.name == "Klient")).one()
    for email in EVERYBODY:
        person, is_staff = account(email), email in STAFF
        assert explain(db.session(), person, person).sees
        assert explain(db.session(), person, account("anna@klient.example")).sees == (
            is_staff or email.startswith("anna")
        )
        member = email.endswith("@klient.example") or email == "both@obie.example"
        assert explain(db.session(), person, klient).sees == (is_staff or member)
        assert explain(db.session(), person, entry).sees == (is_staff and email != "wolny@pomoc.example")


def test_leavers_and_deactivated_accounts(everybody: Flask, change: Change) -> None:
    change(lambda: leave(membership("piotr@klient.example"), by=account("adam@pomoc.example")))
    change(lambda: setattr(account("anna@klient.example"), "active", False))
    with everybody.app_context():
        own = db.session.get_one(Ticket, 3)
        codes = {reason.code for reason in explain(db.session(), account("piotr@klient.example"), own).reasons}
        assert {"requester_left", "organisation_left"} <= codes
        found = explain(db.session(), account("anna@klient.example"), db.session.get_one(Ticket, 1))
        assert not found.sees
        assert found.reasons[0].code == "inactive"


def test_the_page_answers_administrators_only(everybody: Flask, browser_of: Browser) -> None:
    adam = browser_of("adam@pomoc.example")
    address = "/desk/why/?account=Piotr@klient.example&kind=ticket&row=%231002"
    said = text_of(adam.page(address).xpath("//main")[0])
    assert "piotr@klient.example nie widzi" in said
    assert "poufne" in said
    assert "/desk/why/?kind=ticket&row=1001" in adam.page("/desk/tickets/1001").xpath("//a/@href")
    with everybody.app_context():
        row = account("piotr@klient.example").id
    assert "/desk/why/?account=piotr%40klient.example" in adam.page(f"/desk/customers/show/{row}").xpath("//a/@href")
    for email in ("jan@pomoc.example", "audyt@pomoc.example", "anna@klient.example"):
        assert status(browser_of(email), address) == 403


@pytest.mark.parametrize("row", ["0", "999", "x", "-1", "99999999999999999999", "1%00", ""])
def test_what_is_not_there_is_said(everybody: Flask, browser_of: Browser, row: str) -> None:
    adam = browser_of("adam@pomoc.example")
    for kind in ("ticket", "message", "attachment", "organisation", "account", "journal", "nonsense"):
        path = f"/desk/why/?account=anna@klient.example&kind={kind}&row={row}"
        assert status(adam, path) == 200
    assert "Nie ma konta" in adam.get("/desk/why/?account=nikt@nikt.example&kind=ticket&row=1001").text


def test_who_has_not_accepted_the_invitation_to_the_desk_is_told_apart(desk: None) -> None:
    ticket = db.session.scalars(select(Ticket).where(Ticket.number == 1001)).one()
    for email in ("jan@pomoc.example", "adam@pomoc.example", "audyt@pomoc.example"):
        person = account(email)
        person.confirmed_at = None
        found = explain(db.session(), person, ticket)
        assert not found.sees
        assert found.reasons[0].code == "not_accepted"
        assert all(reason.code in WORDS for reason in found.reasons)
