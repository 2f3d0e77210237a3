"""What in a letter points to a ticket, the strongest first. Whether its sender may write there is decided later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.mail import marks
from app.mail.letter import Understood

RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


@dataclass(frozen=True)
class Evidence:
    """A pointer to the ticket of that number; `signed` when only we can have made it."""

    ticket: int
    how: str  # address, message_id, references, report, subject
    signed: bool
    letter: int | None = None  # our letter that is answered


def evidence(understood: Understood, *, recipient: str, key: bytes) -> tuple[Evidence, ...]:
    """All pointers: the reply address, In-Reply-To, References from the newest, a report's letter, the subject."""
    found = [*_by_message_id(understood, key), *_by_address(understood, recipient, key)]
    found.sort(key=lambda pointer: ("address", "message_id", "references", "report").index(pointer.how))
    number = marks.read_subject(understood.subject)
    if number is not None:
        found.append(Evidence(number, "subject", signed=False))
    return tuple(_with_letter(dict.fromkeys(found)))


def known_ids(understood: Understood) -> tuple[str, ...]:
    """Message-IDs that the letter answers, the nearest first, to be looked for among the letters that we have."""
    newest_first = tuple(reversed(understood.references))
    return tuple(dict.fromkeys((*understood.in_reply_to, *newest_first)))


def _by_address(understood: Understood, recipient: str, key: bytes) -> Iterator[Evidence]:
    named = [address.address for address in (*understood.to, *understood.cc)]
    seen = [value for header in RECIPIENT_HEADERS for value in understood.headers.get(header, ())]
    for address in (recipient, *named, *seen):
        number = marks.read_address(address, key)
        if number is not None:
            yield Evidence(number, "address", signed=True)


def _by_message_id(understood: Understood, key: bytes) -> Iterator[Evidence]:
    report = understood.report.original_id if understood.report else None
    for how, message_ids in (
        ("message_id", understood.in_reply_to),
        ("references", tuple(reversed(understood.references))),
        ("report", (report,) if report else ()),
    ):
        for message_id in message_ids:
            mark = marks.read_message_id(message_id, key)
            if mark is not None and mark.ticket:
                yield Evidence(mark.ticket, how, signed=True, letter=mark.letter)


def _with_letter(found: dict[Evidence, None]) -> Iterator[Evidence]:
    """The reply address names the ticket, In-Reply-To also the reader: what one knows the other should tell."""
    letters = {pointer.ticket: pointer.letter for pointer in reversed(list(found)) if pointer.letter}
    for pointer in found:
        yield Evidence(pointer.ticket, pointer.how, pointer.signed, pointer.letter or letters.get(pointer.ticket))
