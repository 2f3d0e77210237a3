"""Where a letter belongs, and whether its sender may write there: matching is kept apart from authority."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import force_locale

from app.access import STAFF
from app.accounts.addresses import canonical
from app.accounts.registration import AccountDatastore, add_mail_only_customer, find_account
from app.desk import tickets
from app.desk.content import Contribution
from app.desk.copied import note_copied
from app.desk.marking import set_tags
from app.desk.relations import link
from app.desk.wishes import fulfil
from app.events.record import owe_letter
from app.extensions import db
from app.mail import bounces, oversize, reasons, thread
from app.mail.guard import Verdict
from app.mail.known import Known
from app.mail.letter import ENCRYPTED, Understood
from app.mail.match import SIBLING, Match, find_hint, find_match
from app.mail.reading import Reading
from app.mail.receive import TOO_LARGE, base_address
from app.mail.rules import Effects, effects
from app.mail.wishes import wish_in
from app.models.account import Account
from app.models.event import Letter
from app.models.intake_rule import RuleAct
from app.models.journal import FORM, JournalEntry, Outcome
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Priority, Ticket
from app.models.ticket_link import LinkKind


@dataclass(frozen=True)
class Placement:
    """How a journal row ends, and what placed it."""

    outcome: Outcome
    reason: str | None = None
    ticket: Ticket | None = None
    evidence: Sequence[dict[str, Any]] = ()


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
        if entry.reason == TOO_LARGE:
            return self._refuse_for_size(entry, reading)
        match = find_match(reading, self.known, entry.mailbox_id)
        wanted = effects(self.known.rules, reading.understood, size=entry.size, mailbox_id=entry.mailbox_id)
        placement = self._ruled(entry, reading, match, wanted)
        if wanted.names:
            said = [{"rule": name} for name in wanted.names]
            placement = replace(placement, evidence=[*placement.evidence, *said])
        self.known.remember(entry, reading, placement.ticket, is_filed=placement.outcome != Outcome.NOT_SURE)
        return placement

    def _refuse_for_size(self, entry: JournalEntry, reading: Reading) -> Placement:
        """Rejected once its sender knows; where no machine may tell him, a person must look."""
        sender = reading.understood.sender
        own = sender is not None and sender.address.lower() in self.own_addresses
        if sender is None or own or not reading.verdict.answerable:
            return Placement(Outcome.NOT_SURE, TOO_LARGE)
        reader = self.known.accounts.get(canonical(sender.address)) or self._make_customer(reading.understood)
        is_told = oversize.is_told(entry, reading) or oversize.tell(entry, reading, reader)
        if not is_told:
            return Placement(Outcome.NOT_SURE, TOO_LARGE)
        return Placement(Outcome.REJECTED, reasons.TOO_LARGE_TOLD)

    def _ruled(self, entry: JournalEntry, reading: Reading, match: Match | None, wanted: Effects) -> Placement:
        """What a rule of the desk has decided, else where the letter belongs."""
        rule = wanted.decision
        if rule is None:
            return self._place_new(entry, reading, match, wanted)
        reason = rule.words or rule.name
        if rule.act == RuleAct.REJECT:
            return Placement(Outcome.REJECTED, reason)
        if rule.act == RuleAct.NOT_SURE:
            return Placement(Outcome.NOT_SURE, reason, match.ticket if match else None)
        machine = Verdict("automatic", reason, answerable=False)
        return self._file_automatic(entry, replace(reading, verdict=machine), match)

    def _place_new(self, entry: JournalEntry, reading: Reading, match: Match | None, wanted: Effects) -> Placement:
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
        if sender is not None and not reading.proof.is_refuted:
            bounces.works(sender)
        if match and self._goes_elsewhere(entry, reading, match):
            return self._open(entry, reading, sender, replace(match, how=thread.FORWARDED), wanted)
        if match and sender and self.known.has_left(sender, match.ticket):
            return Placement(Outcome.NOT_SURE, reasons.SENDER_LEFT, match.ticket)
        if match and sender and sender.role_kinds & STAFF and sender != match.ticket.requester:
            return self._staff_reply(entry, reading, match, sender)
        if match and (match.signed or self._belongs(understood, match, sender)):
            return self._reply(entry, reading, match, sender)
        return self._open(entry, reading, sender, match, wanted)

    def _belongs(self, understood: Understood, match: Match, sender: Account | None) -> bool:
        """Whether evidence that anybody can write is believed: of who takes part, or was in copy; of a sibling also
        where its author writes to the requester himself, so that nothing of it is shown to whom it was not meant for.
        """
        if self.known.part_of(sender, match.ticket) != "stranger":
            return True
        addressed = {canonical(address.address) for address in (*understood.to, *understood.cc)}
        return match.how == SIBLING and match.ticket.requester.email in addressed

    def _goes_elsewhere(self, entry: JournalEntry, reading: Reading, match: Match) -> bool:
        """Whether it is forwarded to another product group than that of the ticket which it speaks of."""
        group = entry.mailbox.product_group_id if entry.mailbox else match.ticket.product_group_id
        return reading.understood.is_forward and group != match.ticket.product_group_id

    def _file_automatic(self, entry: JournalEntry, reading: Reading, match: Match | None) -> Placement:
        """Automatic letters never reopen and are never answered (RFC 3834 section 2).

        By a number that anybody can write, only those of who takes part are put before the eyes of its people.
        """
        sender = reading.understood.sender
        by = self.known.accounts.get(canonical(sender.address)) if sender else None
        if match is None or not (match.signed or self._belongs(reading.understood, match, by)):
            bounced = reading.verdict.kind == "bounce"
            reason = reasons.BOUNCE_OF_NOTHING if bounced else reasons.AUTOMATIC_ALONE
            return Placement(Outcome.NOT_SURE, reason, match.ticket if match else None)
        tickets.file_automatic(match.ticket, contribution_of(entry, reading), by=by, arrived_at=entry.arrived_at)
        if reading.verdict.kind == "bounce":
            letter = db.session.get(Letter, match.letter) if match.letter else None
            if letter is not None:
                bounces.returned(letter, reading.understood.report)
        part = self.known.part_of(by, match.ticket)
        return Placement(Outcome.AUTOMATIC, reading.verdict.reason, match.ticket, [_pointer(match, part)])

    def _staff_reply(self, entry: JournalEntry, reading: Reading, match: Match, sender: Account) -> Placement:
        """A From line proves nothing: a consultant speaks as one only in answer to his own copy of our letter, from a
        domain that is proven, since whoever he wrote to has seen the mark of his copy too."""
        if match.letter_to != sender.id or not self.known.may_write(sender, match.ticket):
            return Placement(Outcome.NOT_SURE, reasons.UNPROVEN_CONSULTANT, match.ticket)
        if not self._is_himself(entry, reading):
            return Placement(Outcome.NOT_SURE, reasons.UNVERIFIED_CONSULTANT, match.ticket)
        if reading.understood.is_forward:  # What he passes on is meant for the desk, never for the customer.
            tickets.note(match.ticket, contribution_of(entry, reading), by=sender)
        else:
            tickets.answer(match.ticket, contribution_of(entry, reading), by=sender, arrived_at=entry.arrived_at)
        return Placement(Outcome.MESSAGE, None, match.ticket, [_pointer(match, "consultant")])

    def _is_himself(self, entry: JournalEntry, reading: Reading) -> bool:
        trusts_marks = entry.mailbox is not None and entry.mailbox.trusts_marks
        return reading.proof.is_proven or (trusts_marks and not reading.proof.is_refuted)

    def _reply(self, entry: JournalEntry, reading: Reading, match: Match, sender: Account | None) -> Placement:
        """S20, S21. Somebody unknown who holds our mark is heard, shown as unverified and told nothing.

        So is a customer whose letter carries no mark of ours, and whose domain is not proven: anybody can write his
        name into a From line.
        """
        part = self.known.part_of(sender, match.ticket)
        verified = (match.is_marked or reading.proof.is_proven) and self.known.may_write(sender, match.ticket)
        by = sender or self._make_customer(reading.understood)
        contribution = contribution_of(entry, reading, verified=verified)
        is_plain = verified and all(file.inline for file in contribution.files)  # A card may hold a picture.
        wish = wish_in(contribution.text, by.name) if is_plain else None
        if wish is not None:
            with force_locale(by.locale if by.is_registered else match.ticket.language):
                answer = reading.verdict.answerable
                said = fulfil(match.ticket, wish, contribution, by=by, arrived_at=entry.arrived_at, answer=answer)
            return Placement(Outcome.MESSAGE, None, said.ticket, [_pointer(match, part)])
        message = tickets.customer_reply(match.ticket, contribution, by=by, arrived_at=entry.arrived_at)
        ticket = message.ticket  # another one where the match was merged, or closed too long ago
        is_new = ticket is not match.ticket and ticket.messages[0] is message
        if part not in ("stranger", "copied"):
            self._note_copied(ticket, reading)
        outcome = Outcome.TICKET if is_new else Outcome.MESSAGE
        return Placement(outcome, None, ticket, [_pointer(match, part)])

    def _open(
        self, entry: JournalEntry, reading: Reading, sender: Account | None, near: Match | None, wanted: Effects
    ) -> Placement:
        """S5: a new ticket in the mailbox's product group. An unknown sender is invited to the portal (S17).

        `near` is where it does not belong, and what it speaks of: linked if the sender may know of it, else a hint.
        """
        if entry.mailbox is None:
            return Placement(Outcome.NOT_SURE, reasons.UNKNOWN_MAILBOX)
        understood = reading.understood
        near = near or find_hint(reading, self.known, entry.mailbox_id)
        group = wanted.group or self.known.groups[entry.mailbox.product_group_id]
        passed_on = self._passed_on(entry, reading, sender, group)
        requester = passed_on or sender or self._make_customer(understood)
        ticket = tickets.open_ticket(
            requester=requester,
            product_group=group,
            subject=understood.subject.strip() or reasons.without_subject(requester.locale),
            contribution=contribution_of(entry, reading, verified=passed_on is None),
            by=sender or requester,
            language=understood.desk_language or requester.locale or "pl",
            arrived_at=entry.arrived_at,
            priority=wanted.priority or Priority.NORMAL,
            fields=entry.fields,
        )
        if wanted.tags:
            set_tags(ticket, wanted.tags, by=None)
        if sender is None and reading.verdict.answerable:
            owe_letter("invitation", account=requester, reason="unknown_sender", ticket=ticket)
        if passed_on is None:
            self._note_copied(ticket, reading)
        through = [{"ticket": ticket.number, "how": "passed_on", "signed": False}] if passed_on else []
        return Placement(Outcome.TICKET, None, ticket, [*through, *self._beside(ticket, near, sender)])

    def _passed_on(
        self, entry: JournalEntry, reading: Reading, sender: Account | None, group: ProductGroup
    ) -> Account | None:
        """Whose a letter is that a proven consultant of the product group forwards: its first author's."""
        if sender is None or not reading.authors or not sender.role_kinds & STAFF:
            return None
        if not (self._is_himself(entry, reading) and self.known.reach.standings[sender.id].answers_for(group.id)):
            return None
        for author in reading.authors:
            found = find_account(author.address)
            if found is None or not found.role_kinds & STAFF:  # A colleague only passed it on before him.
                found = found or self._make_customer(replace(reading.understood, sender=author))
                return found if found.active else None
        return None

    def _note_copied(self, ticket: Ticket, reading: Reading) -> None:
        """Whoever stands in To and Cc beside us: a consultant may let them in."""
        letter = reading.understood
        if letter.sender is None or reading.verdict.kind != "letter":
            return
        people = {canonical(other.address): other.name for other in (*letter.to, *letter.cc) if "@" in other.address}
        author = canonical(letter.sender.address)
        strangers = {
            email: name
            for email, name in people.items()
            if base_address(email) not in self.own_addresses and email != author
        }
        note_copied(ticket, strangers)

    def _beside(self, ticket: Ticket, near: Match | None, sender: Account | None) -> list[dict[str, Any]]:
        """The other ticket that the letter speaks of, for a consultant to look at."""
        if near is None:
            return []
        part = self.known.part_of(sender, near.ticket)
        if near.how == thread.FORWARDED and part != "stranger":
            link(ticket, near.ticket, LinkKind.FORWARDED, by=None)
        return [_pointer(near, part, beside=True)]

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


def _pointer(match: Match, who: str, **more: Any) -> dict[str, Any]:
    """What is kept of a match: a reader is told it in words."""
    return {"ticket": match.ticket.number, "how": match.how, "signed": match.signed, "who": who, **more}


def contribution_of(entry: JournalEntry, reading: Reading, *, verified: bool = True) -> Contribution:
    """What the letter adds to a conversation. Nothing shows who typed a form."""
    understood = reading.understood
    language = understood.desk_language or "pl"
    text = understood.text
    if not text.strip() and ENCRYPTED in understood.warnings:
        text = reasons.encrypted_letter(language)
    elif not text.strip() and not understood.folded and not reading.files:
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
        verified=verified and not reading.proof.is_refuted and entry.transport != FORM,
        proof=reading.proof.result,
    )
