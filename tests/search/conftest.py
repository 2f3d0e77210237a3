"""A desk whose tickets are written, indexed and sought by the ordinary ways, on the engine of the test's database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from app.access import Standing, standing_of
from app.content import entries
from app.content.entries import Words
from app.content.publishing import publish
from app.desk import tickets
from app.desk.content import Contribution
from app.events.outbox import drain_batch
from app.events.record import Reaction
from app.events.transaction import transaction
from app.events.wake import INDEX
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Ticket
from app.search import index
from app.search.find import Answer, find

ANNA, PIOTR, STRANGER = "anna@klient.example", "piotr@klient.example", "obcy@inny.example"
KAROL, OLGA = "karol@pomoc.example", "olga@pomoc.example"  # consultants of DYNAMICS and of TARGIT
NOBODY = ""  # a stranger


@dataclass
class Desk:
    """Anna and Piotr share tickets, the stranger works elsewhere."""

    ids: dict[str, int]

    def account(self, email: str) -> Account:
        return db.session.get_one(Account, self.ids[email])

    def standing(self, email: str) -> Standing:
        return standing_of(db.session(), self.account(email))

    def ticket(self, subject: str, text: str = "-", *, by: str = ANNA, group: str = "DYNAMICS") -> int:
        with transaction():
            product = db.session.scalars(select(ProductGroup).where(ProductGroup.name == group)).one()
            contribution = Contribution(text, Channel.PORTAL)
            account = self.account(by)
            ticket = tickets.open_ticket(
                requester=account, product_group=product, subject=subject, contribution=contribution, by=account
            )
        return ticket.number

    def note(self, number: int, text: str) -> None:
        with transaction():
            found = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
            tickets.note(found, Contribution(text, Channel.PORTAL), by=self.account(KAROL))

    def change(self, number: int, **values: Any) -> None:
        """Behind the index's back, as when it is late."""
        with transaction():
            found = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
            for name, value in values.items():
                setattr(found, name, value)

    def index(self) -> None:
        while drain_batch(INDEX, {Reaction.INDEX: index.perform}):
            pass

    def ask(self, text: str, by: str = ANNA, **more: Any) -> Answer:
        db.session.expire_all()
        standing = self.standing(by) if by else None
        return find(text, standing, language=more.pop("language", "pl"), filters=more.pop("filters", {}), **more)

    def numbers(self, text: str, by: str = ANNA, **more: Any) -> list[int]:
        return [hit.ticket.number for hit in self.ask(text, by, **more).hits if hit.ticket]

    def titles(self, text: str, by: str = ANNA, **more: Any) -> list[str]:
        return ["".join(said for said, _marked in hit.title) for hit in self.ask(text, by, **more).hits if hit.text]

    def article(self, title: str, body: str = "-", *, kind: str = "article", english: str = "", **about: Any) -> int:
        """A published entry; `english` is its title in English."""
        with transaction():
            olga = self.account(OLGA)
            entry = entries.add_entry(kind, "pl", Words(title, body=body), by=olga, **about)
            if english:
                entries.add_variant(entry, "en", Words(english), by=olga)
            for variant in entry.variants:
                publish(variant, seen=1)
        return entry.id

    def entry(self, row_id: int, act: Callable[[Entry], object]) -> None:
        """One act on an entry."""
        with transaction():
            act(db.session.get_one(Entry, row_id))


@pytest.fixture
def desk(make_account: Callable[..., int], context: None) -> Desk:
    return Desk(
        {
            ANNA: make_account(ANNA, organisation="Klient"),
            PIOTR: make_account(PIOTR, organisation="Klient"),
            STRANGER: make_account(STRANGER, organisation="Inny"),
            KAROL: make_account(KAROL, role="consultant", groups=("DYNAMICS",)),
            OLGA: make_account(OLGA, role="consultant", groups=("TARGIT",)),
        }
    )
