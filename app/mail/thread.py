"""What in a letter points to a ticket, the strongest first. Whether its sender may write there is decided later."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.mail import marks
from app.mail.letter import Understood

RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
MOST_TEXT = 200_000  # signs in which a quoted mark is looked for
MOST_NAMES = 20  # of one letter, by which later ones are recognised
CONVERSATION = 22  # bytes of a Thread-Index that all letters of one conversation share (MS-OXOMSG 2.2.1.3)
FORWARDED, SUBJECT = "forwarded", "subject"


@dataclass(frozen=True)
class Evidence:
    """A pointer to the ticket of that number; `signed` when only we can have made it."""

    ticket: int
    how: str  # report, address, message_id, references, body, forwarded, subject
    signed: bool
    letter: int | None = None  # our letter that is answered
    message_id: str | None = field(default=None, compare=False)  # where the mark stands


def evidence(understood: Understood, *, recipient: str, key: bytes) -> tuple[Evidence, ...]:
    """All pointers: the letter that a report returns, the reply address, In-Reply-To, References from the newest, our
    mark in the quoted text. What proves nothing is last: our mark in a forwarded letter, the number in the subject.
    """
    reported = list(_by_report(understood, key))
    is_report = understood.report is not None and understood.report.has_parts
    found = [
        *(reported if is_report else ()),
        *_by_address(understood, recipient, key),
        *_by_message_id(understood, key),
        *_by_body(understood, key),
        *(() if is_report else reported),
    ]
    number = marks.read_subject(understood.subject)
    if number is not None:
        found.append(Evidence(number, SUBJECT, signed=False))
    return tuple(_with_letter(dict.fromkeys(found)))


def known_ids(understood: Understood) -> tuple[str, ...]:
    """Message-IDs that the letter answers, the nearest first, to be looked for among the letters that we have."""
    newest_first = tuple(reversed(understood.references))
    return tuple(dict.fromkeys((*understood.in_reply_to, *newest_first)))


def shared_names(understood: Understood, key: bytes) -> tuple[str, ...]:
    """Hashes of the letters that this one answers and that are not ours: two letters that name one are siblings,
    also where we never saw their parent. The conversation is the oldest, so that end is never cut off."""
    others = [name for name in known_ids(understood) if marks.read_message_id(name, key) is None]
    return tuple(map(_hashed, others[: MOST_NAMES - 1] + others[MOST_NAMES - 1 :][-1:]))


def conversation(understood: Understood) -> str | None:
    """The hash of what Outlook calls the conversation; None where the letter names none."""
    try:
        index = b64decode(understood.header("thread-index"), validate=False)
    except (binascii.Error, ValueError):
        return None
    return _hashed(f"thread-index {index[:CONVERSATION].hex()}") if len(index) >= CONVERSATION else None


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _by_report(understood: Understood, key: bytes) -> Iterator[Evidence]:
    """What a delivery report returns (RFC 3464). Words that only look like one count in their own place."""
    report = understood.report
    if report and report.original_id:
        mark = marks.read_message_id(report.original_id, key)
        if mark is not None and mark.ticket:
            yield Evidence(mark.ticket, "report", signed=True, letter=mark.letter)


def _by_address(understood: Understood, recipient: str, key: bytes) -> Iterator[Evidence]:
    named = [address.address for address in (*understood.to, *understood.cc)]
    seen = [value for header in RECIPIENT_HEADERS for value in understood.headers.get(header, ())]
    for address in (recipient, *named, *seen):
        number = marks.read_address(address, key)
        if number is not None:
            yield Evidence(number, "address", signed=True)


def _by_message_id(understood: Understood, key: bytes) -> Iterator[Evidence]:
    for how, message_ids in (
        ("message_id", understood.in_reply_to),
        ("references", tuple(reversed(understood.references))),
    ):
        for message_id in message_ids:
            mark = marks.read_message_id(message_id, key)
            if mark is not None and mark.ticket:
                yield Evidence(mark.ticket, how, signed=True, letter=mark.letter, message_id=message_id)


def _by_body(understood: Understood, key: bytes) -> Iterator[Evidence]:
    """The mark at the foot of our letters, as a reply quotes it. In what is forwarded it proves no answer."""
    texts = (*(part["text"] for part in understood.folded), understood.text, understood.html or "")
    number = marks.read_written("\n".join(texts)[:MOST_TEXT], key)
    if number is not None:
        yield Evidence(number, FORWARDED if understood.is_forward else "body", signed=not understood.is_forward)


def _with_letter(found: dict[Evidence, None]) -> Iterator[Evidence]:
    """The reply address names the ticket, In-Reply-To also the reader: what one knows the other should tell."""
    letters = {pointer.ticket: pointer.letter for pointer in reversed(list(found)) if pointer.letter}
    for pointer in found:
        letter = pointer.letter or letters.get(pointer.ticket)
        yield Evidence(pointer.ticket, pointer.how, pointer.signed, letter, pointer.message_id)
