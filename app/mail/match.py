"""The ticket that a letter's evidence names, the strongest first (docs/mail.md), and what only hints at one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.mail import thread
from app.mail.known import Known
from app.mail.reading import Reading
from app.models.ticket import Ticket

ANSWERED, SIBLING, CONVERSATION = "message_id_of_customer", "sibling", "conversation"
BEFORE_IDS = ("report", "address")  # stronger than In-Reply-To and References


@dataclass(frozen=True)
class Match:
    """A ticket that the letter points to."""

    ticket: Ticket
    how: str
    signed: bool
    letter: int | None = None  # our letter that was answered
    letter_to: int | None = None  # the account whose copy of our letter was answered: only that reader has its mark
    is_marked: bool = False  # it carries a mark that only we can have made, and that only our readers know


def find_match(reading: Reading, known: Known, mailbox_id: int | None) -> Match | None:
    """The ticket where the letter belongs, if its sender may write there."""
    return next(_matches(reading, known, mailbox_id), None)


def find_hint(reading: Reading, known: Known, mailbox_id: int | None) -> Match | None:
    """A ticket that a consultant should look at: Outlook says that it is one conversation, or it was forwarded."""
    for pointer in reading.evidence:
        if pointer.how == thread.FORWARDED and (ticket := known.ticket_of(pointer)):
            return Match(ticket, pointer.how, False)
    found = known.siblings.get((reading.conversation or "", mailbox_id))
    return Match(found, CONVERSATION, False) if found else None


def _matches(reading: Reading, known: Known, mailbox_id: int | None) -> Iterator[Match]:
    signed = [pointer for pointer in reading.evidence if pointer.signed]
    yield from _marked(known, [pointer for pointer in signed if pointer.how in BEFORE_IDS])
    by_id = {pointer.message_id: pointer for pointer in reversed(signed) if pointer.message_id}
    for message_id in thread.known_ids(reading.understood):
        pointer = by_id.get(message_id)
        if pointer is not None:
            yield from _marked(known, [pointer])
        elif message_id in known.answered:
            yield Match(known.answered[message_id], ANSWERED, True)
    yield from _marked(known, [each for each in signed if each.how not in BEFORE_IDS and each.message_id is None])
    for name in reading.names:
        if (name, mailbox_id) in known.siblings:
            yield Match(known.siblings[name, mailbox_id], SIBLING, False)
    for pointer in reading.evidence:
        if pointer.how == thread.SUBJECT and pointer.ticket in known.numbered:
            yield Match(known.numbered[pointer.ticket], pointer.how, False)


def _marked(known: Known, pointers: list[thread.Evidence]) -> Iterator[Match]:
    for pointer in pointers:
        ticket = known.ticket_of(pointer)
        if ticket is not None:
            letter_to = known.readers.get(pointer.letter or 0)
            yield Match(ticket, pointer.how, True, pointer.letter, letter_to, is_marked=True)
