"""A ticket with its people, and what happens to it, for tests of letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from app.desk import tickets
from app.desk.content import Contribution, StoredFile
from app.events.outbox import Item
from app.events.record import Reaction
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.event import Letter, OutboxItem
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Ticket
from app.notify import listeners

CUSTOMER, CONSULTANT = "anna@klient.example", "ewa@pomoc.example"


def account(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).unique().one()


def words(
    text: str, *, message_id: str | None = None, files: Sequence[StoredFile] = (), automatic: bool = False
) -> Contribution:
    return Contribution(text=text, channel=Channel.MAIL, message_id=message_id, files=files, automatic=automatic)


def open_ticket(
    *,
    subject: str = "Raport jest pusty",
    requester: str = CUSTOMER,
    arrived_at: datetime | None = None,
    message_id: str | None = "<pierwszy@klient.example>",
    automatic: bool = False,
) -> Ticket:
    """Anna's ticket in DYNAMICS, by letter."""
    with transaction():
        group = db.session.scalars(select(ProductGroup).where(ProductGroup.name == "DYNAMICS")).one()
        return tickets.open_ticket(
            requester=account(requester),
            product_group=group,
            subject=subject,
            contribution=words("Nic nie ma.", message_id=message_id, automatic=automatic),
            by=account(requester),
            arrived_at=arrived_at,
        )


def answer(ticket: Ticket, text: str = "Proszę odświeżyć dane.", **more: str) -> None:
    with transaction():
        tickets.answer(ticket, words(text), by=account(CONSULTANT), **more)  # type: ignore[arg-type]  # only then=


def owed(reaction: Reaction) -> list[Item]:
    """What the outbox owes, as a worker would claim it."""
    query = select(OutboxItem).where(OutboxItem.reaction == reaction).order_by(OutboxItem.id)
    return [Item(row.id, row.reaction, row.event_id, row.letter_id, row.attempts) for row in db.session.scalars(query)]


def notify() -> list[tuple[str, str]]:
    """Decide who hears of all that happened; answers (reader, letter) in order."""
    assert not any(listeners.perform(owed(Reaction.NOTIFY)).values())
    return told()


def told() -> list[tuple[str, str]]:
    return [(row.account.email, row.template) for row in letters()]


def letters() -> list[Letter]:
    db.session.expire_all()
    return list(db.session.scalars(select(Letter).order_by(Letter.id)))


def letter_to(email: str, template: str) -> Letter:
    return next(row for row in letters() if (row.account.email, row.template) == (email, template))


def failures(outcomes: Mapping[int, Exception | None]) -> list[Exception]:
    return [error for error in outcomes.values() if error]
