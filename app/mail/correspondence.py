"""What letters that leave together need to know beside their own rows, read in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.event import Letter
from app.models.mailbox import Mailbox
from app.models.ticket import Message, MessageKind, Ticket

ADDRESSES = (
    select(Mailbox.product_group_id, Mailbox.name)
    .where(Mailbox.product_group_id.in_(bindparam("groups", expanding=True)), Mailbox.active)
    .order_by(Mailbox.id.desc())
)
RECEIVED = select(Message.ticket_id, Message.arrived_at, Message.message_id).where(
    Message.ticket_id.in_(bindparam("tickets", expanding=True)),
    Message.message_id.is_not(None),
    Message.kind.in_([MessageKind.CUSTOMER, MessageKind.CONSULTANT]),
)
SENT = select(Letter.ticket_id, Letter.account_id, Letter.id, Letter.created_at, Letter.message_id).where(
    Letter.ticket_id.in_(bindparam("tickets", expanding=True)),
    Letter.account_id.in_(bindparam("readers", expanding=True)),
    Letter.message_id.is_not(None),
)


class Named(NamedTuple):
    """A letter of a conversation, by its Message-ID."""

    at: datetime
    message_id: str


class Correspondence:
    """The addresses that letters come from, and what went back and forth before."""

    def __init__(self, letters: Collection[Letter]) -> None:
        tickets = {letter.ticket.id: letter.ticket for letter in letters if letter.ticket}
        self._addresses = _addresses({ticket.product_group_id for ticket in tickets.values()})
        self._received = _received(tickets)
        self._sent = _sent(tickets, {letter.account_id for letter in letters})

    def address_of(self, ticket: Ticket) -> str | None:
        """The address of the oldest active mailbox of the ticket's product group, as it is written."""
        return self._addresses.get(ticket.product_group_id)

    def received(self, letter: Letter) -> list[Named]:
        """The customers' and consultants' letters on its ticket."""
        return self._received.get(letter.ticket_id or 0, [])

    def sent_before(self, letter: Letter) -> list[Named]:
        """Our earlier letters about its ticket to the same reader."""
        sent = self._sent.get((letter.ticket_id or 0, letter.account_id), {})
        return [named for letter_id, named in sent.items() if letter_id < letter.id]

    def add(self, letter: Letter, message_id: str) -> None:
        """A letter leaves now: later ones follow it."""
        sent = self._sent.setdefault((letter.ticket_id or 0, letter.account_id), {})
        sent[letter.id] = Named(letter.created_at, message_id)


def _addresses(groups: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(ADDRESSES, {"groups": list(groups)})
    return {row.product_group_id: row.name for row in rows}


def _received(tickets: Iterable[int]) -> dict[int, list[Named]]:
    found: dict[int, list[Named]] = {}
    for ticket_id, at, message_id in db.session.execute(RECEIVED, {"tickets": list(tickets)}):
        found.setdefault(ticket_id, []).append(Named(at, message_id or ""))
    return found


def _sent(tickets: Iterable[int], readers: Collection[int]) -> dict[tuple[int, int], dict[int, Named]]:
    found: dict[tuple[int, int], dict[int, Named]] = {}
    about = {"tickets": list(tickets), "readers": list(readers)}
    for ticket_id, account_id, letter_id, at, message_id in db.session.execute(SENT, about):
        found.setdefault((ticket_id or 0, account_id), {})[letter_id] = Named(at, message_id or "")
    return found
