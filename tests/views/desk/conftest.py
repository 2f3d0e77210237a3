"""A small desk: two organisations, consultants of two product groups, an auditor, tickets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk import tickets
from app.desk.content import Contribution
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.ticket import Channel
from tests.browsing import Visitor

Browser = Callable[[str], Visitor]
Open = Callable[..., int]


@pytest.fixture
def people(make_account: Callable[..., int]) -> None:
    make_account("anna@klient.example", organisation="Klient", name="Anna Nowak")
    make_account("ewa@inny.example", organisation="Inny", name="Ewa Lis")
    make_account("jan@desk.example", role="consultant", groups=("DYNAMICS",), name="Jan Dynamiczny")
    make_account("ola@desk.example", role="consultant", groups=("TARGIT",), name="Ola Celna")
    make_account("iga@desk.example", role="consultant", groups=("DYNAMICS", "TARGIT"), name="Iga Dwojga")
    make_account("adam@desk.example", role="administrator", name="Adam Pan")
    make_account("audyt@desk.example", role="auditor", name="Audyt Or")


@pytest.fixture
def open_ticket(app: Flask, people: None) -> Open:
    """open_ticket("anna@klient.example", "DYNAMICS", "Subject") -> number."""

    def make(email: str = "anna@klient.example", group: str = "DYNAMICS", subject: str = "Raport jest pusty") -> int:
        with app.app_context(), transaction():
            requester = db.session.scalars(select(Account).where(Account.email == email)).one()
            chosen = db.session.scalars(select(ProductGroup).where(ProductGroup.name == group)).one()
            contribution = Contribution(text="Nic nie ma.", channel=Channel.PORTAL)
            return tickets.open_ticket(
                requester=requester, product_group=chosen, subject=subject, contribution=contribution, by=requester
            ).number

    return make


@pytest.fixture
def jan(people: None, browser_of: Browser) -> Visitor:
    return browser_of("jan@desk.example")


@pytest.fixture
def auditor(people: None, browser_of: Browser) -> Visitor:
    return browser_of("audyt@desk.example")
