"""Proof of receipt: what arrived, when, and when it counts as received, sealed so that anybody can check it (S9, S16).

The seal is an HMAC-SHA-256 by a key that only this desk has. It names no person and shows no word of the message.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.models.ticket import Message

PURPOSE = b"bilety proof of receipt 1"
TAIL = re.compile(rb"\n% Bilety receipt ([A-Za-z0-9_-]{40,4000})\.([A-Za-z0-9_-]{43})\n\Z")


class NotGenuine(Exception):
    """This is no receipt of this desk, or a byte of it was changed."""


@dataclass(frozen=True)
class Receipt:
    """What is certified of one customer message. Instants are UTC; `sha256` is the hash of what was sent."""

    number: int
    message: int
    channel: str
    arrived_at: datetime
    counts_as_received_at: datetime
    sha256: str


def receipt_of(message: Message, *, number: int, subject: str, letter_sha256: str | None) -> Receipt:
    """The receipt of a message: a letter's hash is that of its raw bytes, anything else's that of its content."""
    return Receipt(
        number,
        message.id,
        message.channel,
        message.arrived_at,
        message.counts_as_received_at,
        letter_sha256 or content_sha256(subject, message.text, [file.sha256 for file in message.attachments]),
    )


def content_sha256(subject: str, text: str, files: Sequence[str]) -> str:
    """SHA-256 over JSON in UTF-8, without spaces, of subject, text and the files' own hashes in this order."""
    content = json.dumps([subject, text, list(files)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def seal(receipt: Receipt, secret: str) -> str:
    """The receipt as one word that can stand in an address."""
    told = [
        receipt.number,
        receipt.message,
        receipt.channel,
        receipt.arrived_at.astimezone(UTC).isoformat(),
        receipt.counts_as_received_at.astimezone(UTC).isoformat(),
        receipt.sha256,
    ]
    body = json.dumps(told, separators=(",", ":")).encode()
    return _text(_mac(secret, body) + body)


def unseal(word: str, secret: str) -> Receipt:
    """What a sealed word certifies. Raises NotGenuine."""
    try:
        raw = base64.urlsafe_b64decode(word.encode("ascii") + b"=" * (-len(word) % 4))
    except (binascii.Error, ValueError) as error:
        raise NotGenuine from error
    mac, body = raw[:32], raw[32:]
    if not hmac.compare_digest(mac, _mac(secret, body)) or _text(raw) != word:
        raise NotGenuine
    number, message, channel, arrived_at, received_at, sha256 = json.loads(body)
    instants = datetime.fromisoformat(arrived_at), datetime.fromisoformat(received_at)
    return Receipt(number, message, channel, *instants, sha256)


def seal_file(content: bytes, receipt: Receipt, secret: str) -> bytes:
    """A document with a last line that seals all bytes before it; readers of PDF take it for a comment."""
    word = seal(receipt, secret)
    mac = _text(_mac(secret, content + word.encode()))
    return content + f"\n% Bilety receipt {word}.{mac}\n".encode()


def unseal_file(sealed: bytes, secret: str) -> Receipt:
    """What a sealed document certifies. Raises NotGenuine when one byte is another."""
    found = TAIL.search(sealed)
    if not found:
        raise NotGenuine
    word, mac = found.group(1).decode(), found.group(2).decode()
    content = sealed[: found.start()]
    if not hmac.compare_digest(mac, _text(_mac(secret, content + word.encode()))):
        raise NotGenuine
    return unseal(word, secret)


def _mac(secret: str, body: bytes) -> bytes:
    key = hmac.digest(secret.encode(), PURPOSE, "sha256")
    return hmac.digest(key, body, "sha256")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
