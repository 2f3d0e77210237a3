"""Where a letter belongs, and whether its sender may write there: matching is kept apart from authority."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.access import STAFF
from app.accounts.addresses import canonical
from app.accounts.registration import AccountDatastore, add_mail_only_customer
from app.desk import tickets
from app.desk.content import Contribution
from app.events.record import owe_letter
from app.extensions import db
from app.mail import reasons, thread
from app.mail.known import Known
from app.mail.letter import Understood
from app.mail.reading import Reading
from app.models.account import Account
from app.models.event import FAILED, Letter
from app.models.journal import JournalEntry, Outcome
from app.models.ticket import Channel, Ticket


@dataclass(frozen=True)
class Placement:
    """How a journal row ends, and what placed it."""

    outcome: Outcome
    reason: str | None = None
    ticket: Ticket | None = None
    evidence: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True)
class Match:
    """A ticket that the letter points to."""

    ticket: Ticket
    how: str
    signed: bool
    letter: int | None = None  # our letter that was answered
    letter_to: int | None = None  # the account whose copy of our letter was answered: only that reader has its mark
    is_marked: bool = False  # it carries a mark that only we can have made, and that only our readers know


class Clerk:
    """Places the letters of a batch one after the other, inside the caller's transaction."""

    def __init__(self, datastore: AccountDatastore, known: Known, own_addresses: Collection[str]) -> None:
        self.datastore = datastore
        self.known = known
        self.own_addresses = own_addresses

    def place(self, entry: JournalEntry, reading: Reading) -> Placement:
        """File the letter where it belongs; "not sure" with a reason where only a person can tell."""
        if reading.verdict.kind == "loop":
            return Placement(Outcome.REJECTED, reasons.OWN_LETTER)
        first = self.known.delivered.get(reading.fingerprint)
        if first is not None:
            return Placement(Outcome.MESSAGE, reasons.TWICE, first)
        placement = self._place_new(entry, reading, find_match(reading, self.known))
        self.known.remember(reading, placement.ticket, is_filed=placement.outcome != Outcome.NOT_SURE)
        return placement

    def _place_new(self, entry: JournalEntry, reading: Reading, match: Match | None) -> Placement:
        understood = reading.understood
        if reading.verdict.kind in ("automatic", "bounce", "receipt", "complaint"):
            return self._file_automatic(entry, reading, match)
        if understood.sender is None:
            return Placement(Outcome.NOT_SURE, reasons.NO_SENDER)
        if understood.sender.address.lower() in self.own_addresses:
            return Placement(Outcome.REJECTED, reasons.OWN_LETTER)
        sender = self.known.accounts.get(canonical(understood.sender.address))
        if sender is not None and not sender.active:
            return Placement(Outcome.NOT_SURE, reasons.SENDER_DEACTIVATED, match.ticket if match else None)
        if match and sender and self.known.has_left(sender, match.ticket):
            return Placement(Outcome.NOT_SURE, reasons.SENDER_LEFT, match.ticket)
        if match and sender and sender.role_names & STAFF and sender != match.ticket.requester:
            return self._staff_reply(entry, reading, match, sender)
        if match and (match.signed or self.known.may_write(sender, match.ticket)):
            return self._reply(entry, reading, match, sender)
        return self._open(entry, reading, sender)

    def _file_automatic(self, entry: JournalEntry, reading: Reading, match: Match | None) -> Placement:
        """Automatic letters never reopen and are never answered (RFC 3834 section 2)."""
        if match is None:
            bounced = reading.verdict.kind == "bounce"
            return Placement(Outcome.NOT_SURE, reasons.BOUNCE_OF_NOTHING if bounced else reasons.AUTOMATIC_ALONE)
        sender = reading.understood.sender
        by = self.known.accounts.get(canonical(sender.address)) if sender else None
        tickets.file_automatic(match.ticket, contribution_of(entry, reading), by=by, arrived_at=entry.arrived_at)
        if reading.verdict.kind == "bounce":
            self._write_off(match, reading)
        return Placement(Outcome.AUTOMATIC, reading.verdict.reason, match.ticket, _why(match))

    def _write_off(self, match: Match, reading: Reading) -> None:
        """The letter that came back shows as failed, so that somebody looks; one that is only late does not."""
        report = reading.understood.report
        letter = db.session.get(Letter, match.letter) if match.letter else None
        if letter is not None and not (report and report.action == "delayed"):
            letter.state = FAILED
            letter.last_error = f"returned: {report.status or report.action or '?'}" if report else "returned"

    def _staff_reply(self, entry: JournalEntry, reading: Reading, match: Match, sender: Account) -> Placement:
        """A From line proves nothing: a consultant speaks as one only in answer to his own copy of our letter."""
        if match.letter_to != sender.id or not self.known.may_write(sender, match.ticket):
            return Placement(Outcome.NOT_SURE, reasons.UNPROVEN_CONSULTANT, match.ticket)
        tickets.answer(match.ticket, contribution_of(entry, reading), by=sender, arrived_at=entry.arrived_at)
        return Placement(Outcome.MESSAGE, None, match.ticket, _why(match))

    def _reply(self, entry: JournalEntry, reading: Reading, match: Match, sender: Account | None) -> Placement:
        """S20, S21. Somebody unknown who holds our mark is heard, shown as unverified and told nothing.

        So is a customer whose letter carries no mark of ours: anybody can write his name into a From line.
        """
        verified = match.is_marked and self.known.may_write(sender, match.ticket)
        by = sender or self._make_customer(reading.understood)
        contribution = contribution_of(entry, reading, verified=verified)
        message = tickets.customer_reply(match.ticket, contribution, by=by, arrived_at=entry.arrived_at)
        ticket = message.ticket  # another one where the match was merged, or closed too long ago
        is_new = ticket is not match.ticket and ticket.messages[0] is message
        return Placement(Outcome.TICKET if is_new else Outcome.MESSAGE, None, ticket, _why(match))

    def _open(self, entry: JournalEntry, reading: Reading, sender: Account | None) -> Placement:
        """S5: a new ticket in the mailbox's product group. An unknown sender is invited to the portal (S17)."""
        if entry.mailbox is None:
            return Placement(Outcome.NOT_SURE, reasons.UNKNOWN_MAILBOX)
        understood = reading.understood
        requester = sender or self._make_customer(understood)
        group = self.known.groups[entry.mailbox.product_group_id]
        ticket = tickets.open_ticket(
            requester=requester,
            product_group=group,
            subject=understood.subject.strip() or reasons.without_subject(requester.locale),
            contribution=contribution_of(entry, reading),
            by=requester,
            language=understood.desk_language or requester.locale or "pl",
            arrived_at=entry.arrived_at,
        )
        if sender is None and reading.verdict.answerable:
            owe_letter("invitation", account=requester, reason="unknown_sender", ticket=ticket)
        return Placement(Outcome.TICKET, None, ticket)

    def _make_customer(self, understood: Understood) -> Account:
        sender = understood.sender
        if sender is None:
            raise ValueError("A letter without a sender has no customer.")
        language = understood.desk_language or "pl"
        account = add_mail_only_customer(
            self.datastore, sender.address, sender.name, language, roles=[self.known.customer]
        )
        self.known.accounts[account.email] = account
        return account


def find_match(reading: Reading, known: Known) -> Match | None:
    """The ticket that the letter's evidence names, the strongest first: our marks, known Message-IDs, the subject."""
    signed = [evidence for evidence in reading.evidence if evidence.signed]
    unsigned = [evidence for evidence in reading.evidence if not evidence.signed]
    for evidence in signed:
        ticket = known.numbered.get(evidence.ticket)
        if ticket:
            letter_to = known.readers.get(evidence.letter or 0)
            return Match(ticket, evidence.how, True, evidence.letter, letter_to, is_marked=True)
    for message_id in thread.known_ids(reading.understood):
        ticket = known.answered.get(message_id)
        if ticket:
            return Match(ticket, "message_id_of_customer", True)
    for evidence in unsigned:
        ticket = known.numbered.get(evidence.ticket)
        if ticket:
            return Match(ticket, evidence.how, False)
    return None


def _why(match: Match) -> list[dict[str, Any]]:
    return [{"ticket": match.ticket.number, "how": match.how, "signed": match.signed}]


def contribution_of(entry: JournalEntry, reading: Reading, *, verified: bool = True) -> Contribution:
    """What the letter adds to a conversation."""
    understood = reading.understood
    language = understood.desk_language or "pl"
    text = understood.text
    if not text.strip() and not understood.folded and not reading.files:
        text = reasons.empty_letter(language)
    return Contribution(
        text=text,
        html=understood.html,
        folded=understood.folded,
        files=reading.files,
        channel=Channel.MAIL,
        message_id=understood.message_id,
        journal_id=entry.id,
        automatic=not reading.verdict.answerable,
        verified=verified,
    )
