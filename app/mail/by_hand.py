"""What a person decides of a letter that the rules could not place. Nothing of it is lost, and it is decided once."""

from __future__ import annotations

from dataclasses import replace

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

import config
from app.access import STAFF, Standing, may_see
from app.accounts.addresses import BadAddress, canonical, understood
from app.accounts.registration import AccountDatastore, add_mail_only_customer, find_account, role_named
from app.broken_rule import BrokenRule
from app.desk import tickets
from app.desk.joining import survivor_of
from app.extensions import db
from app.files.store import FileStore
from app.mail import guard, reasons
from app.mail.letter import Understood
from app.mail.parse import beginning, understand
from app.mail.place import contribution_of
from app.mail.proof import kept
from app.mail.reading import Reading, read
from app.models.account import Account
from app.models.journal import JournalEntry, Outcome
from app.models.mailbox import Mailbox
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.models.types import utc_now

BY_HAND = "by_hand"


class Decided(BrokenRule):
    status = 409
    sentence = _l("Somebody has decided about this letter already.")


class WhoseIsIt(BrokenRule):
    sentence = _l("The letter names no sender that can be answered: write the customer's e-mail address.")


class NoLetter(BrokenRule):
    sentence = _l("The stored letter is missing or damaged: restore the files of BILETY_DATA from a backup.")


def may_decide(standing: Standing, entry: JournalEntry) -> bool:
    """Whether this account decides about it: it answers for the mailbox's group, or for any where it has none."""
    if standing.handles_everything:
        return True
    if entry.mailbox is None:
        return bool(standing.answered_groups)
    return entry.mailbox.product_group_id in standing.answered_groups


def undecided(entry_id: int) -> JournalEntry:
    """The row, held until the transaction ends. Raises Decided unless somebody has to look at it."""
    query = select(JournalEntry).where(JournalEntry.id == entry_id).with_for_update(of=JournalEntry)
    entry = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if entry.outcome != Outcome.NOT_SURE:
        raise Decided
    return entry


def as_read(entry: JournalEntry) -> Understood | None:
    """How the letter is read now; nothing where its file is gone."""
    try:
        return _understood(entry, _files().get(entry.sha256))
    except OSError:
        return None


def _understood(entry: JournalEntry, raw: bytes) -> Understood:
    """A letter that was too costly once is not read again by a web server."""
    return beginning(raw) if entry.reason == reasons.TOO_COSTLY else understand(raw)


def file_into(entry: JournalEntry, ticket: Ticket, *, by: Account, sender: str = "") -> Ticket:
    """Put the letter into a ticket as its sender's message; answers the ticket that shows it, as merged or closed ones
    send it on. A machine's letter is only filed, and one that bears a consultant's name stays an internal note.

    Raises WhoseIsIt, NoLetter.
    """
    reading = _reading(entry)
    ticket = survivor_of(ticket, lock=True)
    if reading.verdict.kind in ("automatic", "bounce", "receipt", "complaint"):
        tickets.file_automatic(ticket, contribution_of(entry, reading), by=None, arrived_at=entry.arrived_at)
        _settle(entry, Outcome.AUTOMATIC, ticket, by=by)
        return ticket
    author = author_of(reading.understood, sender)
    if author.role_kinds & STAFF:
        tickets.note(ticket, contribution_of(entry, reading), by=by)
    else:
        contribution = contribution_of(entry, reading, verified=may_see(db.session(), author, ticket))
        ticket = tickets.customer_reply(ticket, contribution, by=author, arrived_at=entry.arrived_at).ticket
    _settle(entry, Outcome.MESSAGE, ticket, by=by)
    return ticket


def make_ticket(entry: JournalEntry, group: ProductGroup, *, by: Account, sender: str = "") -> Ticket:
    """Begin a ticket with the letter, received when it arrived. Raises WhoseIsIt, NoLetter."""
    reading = _reading(entry)
    author = author_of(reading.understood, sender)
    language = reading.understood.desk_language or author.locale or "pl"
    ticket = tickets.open_ticket(
        requester=author,
        product_group=group,
        subject=reading.understood.subject.strip() or reasons.without_subject(author.locale),
        contribution=contribution_of(entry, reading),
        by=author,
        language=language,
        arrived_at=entry.arrived_at,
    )
    _settle(entry, Outcome.TICKET, ticket, by=by)
    return ticket


def reject(entry: JournalEntry, *, by: Account) -> None:
    """Leave the letter where it is: nothing follows from it."""
    _settle(entry, Outcome.REJECTED, None, by=by)
    entry.reason = reasons.BY_HAND


def try_again(entry: JournalEntry) -> None:
    """Let the rules look at it once more, as if it had just arrived. Wake the intake after the commit."""
    entry.outcome, entry.reason, entry.attempts, entry.settled_at = Outcome.WAITING, None, 0, None
    entry.ticket = None


def _settle(entry: JournalEntry, outcome: Outcome, ticket: Ticket | None, *, by: Account) -> None:
    entry.outcome, entry.reason, entry.ticket, entry.settled_at = outcome, None, ticket, utc_now()
    pointer = {"ticket": ticket.number if ticket else None, "how": BY_HAND, "signed": False, "by": by.email}
    entry.evidence = [*(entry.evidence or ()), pointer]


def author_of(letter: Understood, typed: str = "") -> Account:
    """Whose the letter is: by the address that was typed, else by its From; made where nobody has it yet (S17).

    Raises WhoseIsIt.
    """
    try:
        address = understood(typed) if typed else canonical(letter.sender.address) if letter.sender else ""
    except BadAddress:
        address = ""
    if "@" not in address:
        raise WhoseIsIt
    known = find_account(address)
    if known is not None:
        return known
    datastore: AccountDatastore = current_app.extensions["account_security"].datastore
    name = letter.sender.name if letter.sender and not typed else ""
    made = add_mail_only_customer(
        datastore, address, name, letter.desk_language or "pl", roles=[role_named("customer")]
    )
    db.session.flush()  # what he may see is asked by his id
    return made


def _reading(entry: JournalEntry) -> Reading:
    settings: config.Settings = current_app.extensions["settings"]
    own = frozenset(db.session.scalars(select(Mailbox.address)))
    try:
        raw = _files().get(entry.sha256)
    except OSError as error:
        raise NoLetter from error
    with _files().together() as keep:
        reading = read(
            raw,
            _understood(entry, raw),
            recipient=entry.recipient,
            envelope_from=entry.envelope_from,
            own=guard.Own(own, settings.hostname),
            transport=entry.transport,
            key=settings.secret_key.encode(),
            keep=keep,
        )
    return replace(reading, proof=kept(entry.proof))


def _files() -> FileStore:
    files: FileStore = current_app.extensions["files"]
    return files
