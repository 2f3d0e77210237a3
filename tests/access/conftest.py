"""Everybody who can stand before a ticket, and five tickets, each with a file and a note with a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk import tickets
from app.desk.content import Contribution, StoredFile
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.drain import drain_in
from app.models.account import Account
from app.models.organisation import Membership, Sharing
from app.models.product_group import Level
from app.models.ticket import Channel, Participant
from tests import people

# requester, product group, confidential
TICKETS = {
    1001: ("anna@klient.example", "DYNAMICS", False),
    1002: ("anna@klient.example", "DYNAMICS", True),
    1003: ("piotr@klient.example", "TARGIT", False),
    1004: ("ewa@inny.example", "DYNAMICS", False),
    1005: ("listonosz@poczta.example", "TARGIT", False),
}
SEES = {
    "anna@klient.example": {1001, 1002, 1003},  # the requester, and a colleague who sees the organisation's
    "piotr@klient.example": {1001, 1003},
    "marek@klient.example": {1001, 1003},  # the organisation's manager
    "wybrane@klient.example": {1003},  # sees the organisation's tickets of TARGIT
    "own@klient.example": set(),  # a colleague who sees only his own
    "ewa@inny.example": {1004},
    "gosc@partner.example": {1004},  # let into one ticket
    "both@obie.example": {1001, 1003, 1004},  # a member of two organisations
    "obcy@nikt.example": set(),
    "jan@pomoc.example": {1001, 1002, 1004},  # answers for DYNAMICS
    "iga@pomoc.example": {1003, 1005},  # answers for TARGIT
    "widzi@pomoc.example": {1001, 1002, 1004},  # may only look at DYNAMICS
    "kieruje@pomoc.example": {1003, 1005},  # manages TARGIT
    "wolny@pomoc.example": set(),  # a consultant without a product group
    "audyt@pomoc.example": set(TICKETS),
    "adam@pomoc.example": set(TICKETS),
    "tom@pomoc.example": set(),  # a translator
    "ed@pomoc.example": set(),  # an editor
}
NUMBERS = tuple(TICKETS)
LETTER = dict(zip(NUMBERS, "BCGKW", strict=True))  # what marks the words of each ticket
STAFF = tuple(f"{name}@pomoc.example" for name in ("jan", "iga", "widzi", "kieruje", "wolny", "audyt", "adam"))
OUTSIDE = ("tom@pomoc.example", "ed@pomoc.example")  # no ticket page is theirs at all
EVERYBODY = tuple(SEES)


@pytest.fixture
def everybody(app: Flask, once: Callable[[str, Callable[[], object]], None]) -> Flask:
    """All accounts and tickets; the search index knows them."""
    once("everybody", lambda: _fill(app))
    return app


def _fill(app: Flask) -> None:
    with app.app_context(), transaction():
        _add_people()
        for number, wanted in TICKETS.items():
            add_ticket(app, number, *wanted)
        guest = account("gosc@partner.example")
        db.session.add(Participant(ticket_id=4, account_id=guest.id))
    drain_in(app, "index")


@pytest.fixture
def change(everybody: Flask) -> Callable[[Callable[[], object]], None]:
    """change(lambda: ...) changes something in a transaction; the index does not hear of it."""

    def perform(act: Callable[[], object]) -> None:
        with everybody.app_context(), transaction():
            act()

    return perform


def everyone_but(*left_out: str) -> list[str]:
    return [email for email in EVERYBODY if email not in left_out]


def first_file(number: int) -> int:
    return 2 * (number - 1001) + 1


def rows_of(email: str) -> set[int]:
    """The ids of the messages that this account may read; each has one file of the same id."""
    return {first_file(number) for number in SEES[email]} | (
        {first_file(number) + 1 for number in SEES[email]} if email in STAFF else set()
    )


def account(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).unique().one()


def membership(email: str) -> Membership:
    return db.session.scalars(select(Membership).where(Membership.account_id == account(email).id)).one()


def _add_people() -> None:
    add = people.add_account
    for name in ("anna", "piotr"):
        add(f"{name}@klient.example", organisation="Klient")
    add("marek@klient.example", organisation="Klient", sharing=Sharing.MANAGER)
    add("own@klient.example", organisation="Klient", sharing=Sharing.OWN)
    add("wybrane@klient.example", organisation="Klient", sharing=Sharing.GROUPS, chosen=("TARGIT",))
    add("ewa@inny.example", organisation="Inny")
    both = add("both@obie.example", organisation="Klient")
    db.session.add(Membership(account_id=both.id, organisation_id=people.organisation_named("Inny").id))
    for email in ("gosc@partner.example", "obcy@nikt.example"):
        add(email)
    add("listonosz@poczta.example", registered=False)
    add("jan@pomoc.example", role="consultant", groups=("DYNAMICS",))
    add("iga@pomoc.example", role="consultant", groups=("TARGIT",))
    add("widzi@pomoc.example", role="consultant", groups=("DYNAMICS",), level=Level.SEE)
    add("kieruje@pomoc.example", role="consultant", groups=("TARGIT",), level=Level.MANAGE)
    add("wolny@pomoc.example", role="consultant")
    for email, role in (("audyt", "auditor"), ("adam", "administrator"), ("tom", "translator"), ("ed", "editor")):
        add(f"{email}@pomoc.example", role=role)


def add_ticket(app: Flask, number: int, email: str, group: str, confidential: bool) -> None:
    requester, letter = account(email), LETTER.get(number, "Z")
    ticket = tickets.open_ticket(
        requester=requester,
        product_group=people.group_named(group),
        subject=f"Raport {number}",
        contribution=_with_file(app, f"ZQXBODY{letter}"),
        by=requester,
    )
    ticket.confidential = confidential
    tickets.note(ticket, _with_file(app, f"ZQXNOTE{letter}"), by=account("adam@pomoc.example"))
    assert ticket.number == number


def _with_file(app: Flask, text: str) -> Contribution:
    content = f"file of {text}".encode()
    digest = app.extensions["files"].put(content)
    file = StoredFile(f"{text}.txt", len(content), "text/plain", digest)
    return Contribution(text=text, channel=Channel.PORTAL, files=[file])
