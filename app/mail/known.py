"""What the desk knows of a batch of letters: read in a few statements, and kept up while they are placed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import TypeVarTuple

from sqlalchemy import Select, and_, insert, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import STAFF, may_see, reach_of
from app.accounts.addresses import canonical
from app.accounts.registration import role_named
from app.desk.copied import was_copied
from app.extensions import db
from app.mail import thread
from app.mail.reading import Reading
from app.mail.rules import rules_in_force
from app.models.account import Account, Role
from app.models.event import Event, Letter
from app.models.journal import Answered, JournalEntry, Outcome
from app.models.organisation import Membership
from app.models.product_group import ProductGroup
from app.models.ticket import Message, Ticket
from app.models.types import utc_now

MOST_IDS = 50  # of one letter's references
RESENT = timedelta(days=5)  # so long an MTA tries (RFC 5321 section 4.5.4.1)
SIBLINGS_WITHIN = timedelta(days=30)
SHOWN = (Outcome.TICKET, Outcome.MESSAGE, Outcome.AUTOMATIC)

Fingerprint = tuple[str, str]
Columns = TypeVarTuple("Columns")


class Known:
    """Senders, tickets, our letters and earlier deliveries that a batch speaks of."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        evidence = [pointer for reading in readings for pointer in reading.evidence]
        self.customer: Role = role_named("customer")
        self.groups = _groups()
        self.rules = rules_in_force()
        self.accounts = _accounts({r.understood.sender.address for r in readings if r.understood.sender})
        self.numbered = _numbered({pointer.ticket for pointer in evidence})
        letters = {pointer.letter for pointer in evidence if pointer.letter}
        self.readers = _readers(letters)
        self.moved = _moved(letters)
        self.answered = _answered({name for r in readings for name in thread.known_ids(r.understood)[:MOST_IDS]})
        self.delivered = _delivered({r.fingerprint for r in readings})
        self.siblings = _siblings(readings)
        self.names: list[tuple[str, int]] = []
        self.tickets = {
            *self.numbered.values(),
            *self.answered.values(),
            *self.siblings.values(),
            *self.moved.values(),
        }
        self.reach = reach_of(db.session(), self.accounts.values(), self.tickets)

    def remember(self, entry: JournalEntry, reading: Reading, ticket: Ticket | None, *, is_filed: bool) -> None:
        """A letter was placed: later ones may be the same, answer the message that it became, or be its siblings."""
        if ticket is None or not is_filed:
            return
        self.delivered.setdefault(reading.fingerprint, ticket)
        self.answered.setdefault(reading.fingerprint[0], ticket)
        for name in _names_of(reading):
            self.siblings[name, entry.mailbox_id] = ticket
            self.names.append((name, entry.id))

    def keep_names(self) -> None:
        """Write down by what later letters will be recognised as siblings of those that were placed."""
        if self.names:
            db.session.execute(insert(Answered), [{"name": name, "journal_id": row} for name, row in self.names])
            self.names = []

    def ticket_of(self, pointer: thread.Evidence) -> Ticket | None:
        """Where the conversation about our letter goes on: with the message that it told of, if that was moved."""
        return self.moved.get(pointer.letter or 0) or self.numbered.get(pointer.ticket)

    def part_of(self, account: Account | None, ticket: Ticket) -> str:
        """What the sender is to the ticket: requester, consultant, participant, colleague, copied, or stranger."""
        if account is None:
            return "stranger"
        if account is ticket.requester:  # Of what came with this batch nobody has an id yet.
            return "requester"
        if not self.may_write(account, ticket):
            return "copied" if was_copied(ticket, account.email) else "stranger"
        if account.role_kinds & STAFF:
            return "consultant"
        return "participant" if (account.id, ticket.id) in self.reach.let_in else "colleague"

    def has_left(self, account: Account, ticket: Ticket) -> bool:
        """Whether the account left the ticket's organisation, and was not let in again by any way."""
        standing = self.reach.standings.get(account.id)
        left = standing is not None and ticket.organisation_id in standing.left_organisations
        return left and not self.may_write(account, ticket)

    def may_write(self, account: Account | None, ticket: Ticket) -> bool:
        """Whether the ticket is open to the account. What came with this very batch is asked for by itself."""
        if account is None:
            return False
        if account.id in self.reach.standings and ticket in self.tickets:
            return bool(self.reach.rights(account, ticket))
        db.session.flush()
        return may_see(db.session(), account, ticket)


def _groups() -> dict[int, ProductGroup]:
    query = select(ProductGroup).options(joinedload(ProductGroup.calendar))
    return {group.id: group for group in db.session.scalars(query)}


def _accounts(addresses: Collection[str]) -> dict[str, Account]:
    """Accounts by their address in its kept form, with what an answer to them depends on."""
    options = (selectinload(Account.roles), selectinload(Account.memberships).joinedload(Membership.organisation))
    query = select(Account).where(Account.email.in_({canonical(address) for address in addresses})).options(*options)
    return {account.email: account for account in db.session.scalars(query)} if addresses else {}


def _numbered(numbers: Collection[int]) -> dict[int, Ticket]:
    query = _locked(select(Ticket).where(Ticket.number.in_(numbers)))
    return {ticket.number: ticket for ticket in db.session.scalars(query)} if numbers else {}


def _locked(query: Select[*Columns]) -> Select[*Columns]:
    """Tickets as they are now, and stay until the letters are filed: a consultant may be closing one this instant."""
    return query.with_for_update(of=Ticket).execution_options(populate_existing=True)


def _readers(letters: Collection[int]) -> dict[int, int]:
    """Whose copy each letter of ours was."""
    query = select(Letter.id, Letter.account_id).where(Letter.id.in_(letters))
    return {row.id: row.account_id for row in db.session.execute(query)} if letters else {}


def _moved(letters: Collection[int]) -> dict[int, Ticket]:
    """The tickets of messages that our letters told of and that were moved out of the letters' tickets since."""
    if not letters:
        return {}
    query = (
        select(Letter.id, Ticket)
        .join(Letter.event)
        .join(Event.message)
        .join(Message.ticket)
        .where(Letter.id.in_(letters), Message.ticket_id != Letter.ticket_id)
    )
    return {row[0]: row[1] for row in db.session.execute(_locked(query))}


def _siblings(readings: Sequence[Reading]) -> dict[tuple[str, int | None], Ticket]:
    """The ticket of the newest letter that answers the same one, by that one's name and the mailbox. A parent that is
    answered again much later begins something new."""
    names = {name for reading in readings for name in _names_of(reading)}
    if not names:
        return {}
    query = (
        select(Answered.name, JournalEntry.mailbox_id, Ticket)
        .join(JournalEntry, JournalEntry.id == Answered.journal_id)
        .join(JournalEntry.ticket)
        .where(Answered.name.in_(names), JournalEntry.arrived_at > utc_now() - SIBLINGS_WITHIN)
        .order_by(JournalEntry.id)
    )
    return {(name, mailbox_id): ticket for name, mailbox_id, ticket in db.session.execute(_locked(query))}


def _names_of(reading: Reading) -> tuple[str, ...]:
    return (*reading.names, reading.conversation) if reading.conversation else reading.names


def _answered(message_ids: Collection[str]) -> dict[str, Ticket]:
    """The ticket that holds the letter with each Message-ID, the first where several do."""
    if not message_ids:
        return {}
    query = select(Message.message_id, Ticket).join(Message.ticket).where(Message.message_id.in_(message_ids))
    rows = db.session.execute(_locked(query.order_by(Message.id.desc())))
    return {name: ticket for name, ticket in rows if name}


def _delivered(fingerprints: Collection[Fingerprint]) -> dict[Fingerprint, Ticket]:
    """The ticket of each letter that was delivered before: resent after a lost 250, or sent to two mailboxes."""
    if not fingerprints:
        return {}
    named = JournalEntry.message_id.in_({message_id for message_id, _body in fingerprints if message_id})
    nameless = and_(
        JournalEntry.message_id.is_(None),
        JournalEntry.sha256.in_({raw for message_id, raw in fingerprints if not message_id}),
        JournalEntry.arrived_at > utc_now() - RESENT,
    )
    query = (
        select(JournalEntry.message_id, JournalEntry.body_sha256, JournalEntry.sha256, Ticket)
        .join(JournalEntry.ticket)
        .where(JournalEntry.outcome.in_(SHOWN), or_(named, nameless))
        .order_by(JournalEntry.id.desc())
    )
    rows = db.session.execute(query)
    return {(name, body or "") if name else ("", raw): ticket for name, body, raw, ticket in rows}
