"""Marks that only we can make: they tell which ticket a reply belongs to, and to whom our letter had gone.

The MAC is an HMAC-SHA-256 over what the mark says, cut to 80 bits, in lower-case base32: fit for the local
part of an address, which mail programs may turn to either case.
"""

from __future__ import annotations

import base64
import hmac
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAC_BYTES = 10
REPLY_TO = re.compile(r"\+t(\d{1,12})\.([a-z2-7]{16})@", re.IGNORECASE)
LETTER_ID = re.compile(r"^<?l(\d{1,12})\.t(\d{1,12})\.([a-z2-7]{16})@", re.IGNORECASE)
WRITTEN = re.compile(r"(?<![A-Za-z0-9.])t(\d{1,12})\.([a-z2-7]{16})(?![a-z0-9])", re.IGNORECASE)
ACT_TOKEN = re.compile(r"(\d{1,10})\.(\d{1,10})\.([a-z2-7]{16})", re.ASCII)
SUBJECT_TAG = re.compile(r"\[\s*#\s*(\d(?:\s?\d){0,11})\s*\\?\]")


@dataclass(frozen=True)
class LetterMark:
    """What a Message-ID of ours says. Ticket 0: the letter was about no ticket."""

    letter: int
    ticket: int


def reply_address(mailbox: str, ticket: int, key: bytes) -> str:
    """The mailbox's address with the ticket's mark in its plus part (RFC 5233)."""
    local, _, host = mailbox.rpartition("@")
    return f"{local}+t{ticket}.{_mac(key, 'reply', ticket)}@{host}"


def written_mark(ticket: int, key: bytes) -> str:
    """The same mark for a letter's foot: a mail program that rewrites every header still quotes it."""
    return f"t{ticket}.{_mac(key, 'reply', ticket)}"


def letter_message_id(letter: int, ticket: int | None, host: str, key: bytes) -> str:
    """The Message-ID of a letter of ours, with its angle brackets; the same at every attempt."""
    number = ticket or 0
    return f"<l{letter}.t{number}.{_mac(key, 'letter', letter, number)}@{host}>"


def subject_tag(ticket: int) -> str:
    """What stands before the subject; a hint for people, no evidence by itself."""
    return f"[#{ticket}]"


def read_address(address: str, key: bytes) -> int | None:
    """The ticket whose mark an address carries, when the mark is ours."""
    found = REPLY_TO.search(address)
    if not found or not _is_ours(found.group(2), key, "reply", int(found.group(1))):
        return None
    return int(found.group(1))


def read_written(text: str, key: bytes) -> int | None:
    """The ticket of the first mark of ours in a text, be it alone or in an address."""
    for found in WRITTEN.finditer(text):
        if _is_ours(found.group(2), key, "reply", int(found.group(1))):
            return int(found.group(1))
    return None


def read_message_id(message_id: str, key: bytes) -> LetterMark | None:
    """What a Message-ID says, when it is ours."""
    found = LETTER_ID.match(message_id.strip())
    if not found:
        return None
    letter, ticket = int(found.group(1)), int(found.group(2))
    if not _is_ours(found.group(3), key, "letter", letter, ticket):
        return None
    return LetterMark(letter, ticket)


def act_token(act: str, ticket: int, account: int, key: bytes) -> str:
    """What the link of a letter carries: that its reader may do this one thing with this one ticket (both by id)."""
    return f"{ticket}.{account}.{_mac(key, act, ticket, account)}"


def read_act(act: str, token: str, key: bytes) -> tuple[int, int] | None:
    """The ids of ticket and account, when the token is ours and for this act."""
    found = ACT_TOKEN.fullmatch(token)
    if not found or not _is_ours(found.group(3), key, act, int(found.group(1)), int(found.group(2))):
        return None
    return int(found.group(1)), int(found.group(2))


def read_subject(subject: str) -> int | None:
    """The ticket that a subject names; programs break the tag, space it, widen or escape its signs."""
    found = SUBJECT_TAG.search(unicodedata.normalize("NFKC", subject))
    return int("".join(found.group(1).split())) if found else None


@lru_cache(maxsize=1024)
def _mac(key: bytes, *said: object) -> str:
    """Kept, because a letter carries its ticket's mark twice."""
    digest = hmac.digest(key, " ".join(map(str, ("bilety-mark", *said))).encode(), "sha256")
    return base64.b32encode(digest[:MAC_BYTES]).decode().lower()


def _is_ours(given: str, key: bytes, *said: object) -> bool:
    return hmac.compare_digest(given.lower().encode(), _mac(key, *said).encode())
