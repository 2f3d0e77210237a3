"""Proof of receipt: what arrived, when, and when it counts as received, sealed so that anybody can check it (S9, S16).

The seal is an HMAC-SHA-256 by a key that only this desk has. It names no person and shows no word of the message.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any

from itsdangerous import BadSignature, Signer, URLSafeSerializer

from app.models.ticket import Message

SIGNED_BY: dict[str, Any] = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
TAIL = re.compile(rb"\n% Bilety receipt ([\w.-]{40,4000}) ([\w-]{43})\n\Z", re.ASCII)


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
    arrived_at, received_at = (
        instant.astimezone(UTC).isoformat() for instant in (receipt.arrived_at, receipt.counts_as_received_at)
    )
    told = [receipt.number, receipt.message, receipt.channel, arrived_at, received_at, receipt.sha256]
    return _serializer(secret).dumps(told)


def unseal(word: str, secret: str) -> Receipt:
    """What a sealed word certifies. Raises NotGenuine."""
    try:
        number, message, channel, arrived_at, received_at, sha256 = _serializer(secret).loads(word)
    except (BadSignature, ValueError) as error:
        raise NotGenuine from error
    instants = datetime.fromisoformat(arrived_at), datetime.fromisoformat(received_at)
    receipt = Receipt(number, message, channel, *instants, sha256)
    if seal(receipt, secret) != word:  # base64 has two spellings of its last letter; only ours counts
        raise NotGenuine
    return receipt


def seal_file(content: bytes, receipt: Receipt, secret: str) -> bytes:
    """A document with a last line that seals all bytes before it; readers of PDF take it for a comment."""
    word = seal(receipt, secret).encode()
    return b"%b\n%% Bilety receipt %b %b\n" % (content, word, _mark(content + word, secret))


def unseal_file(sealed: bytes, secret: str) -> Receipt:
    """What a sealed document certifies. Raises NotGenuine when one byte is another."""
    found = TAIL.search(sealed)
    if not found:
        raise NotGenuine
    word, mark = found.groups()
    if not compare_digest(mark, _mark(sealed[: found.start()] + word, secret)):
        raise NotGenuine
    return unseal(word.decode(), secret)


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="bilety proof of receipt", signer_kwargs=SIGNED_BY)


def _mark(content: bytes, secret: str) -> bytes:
    return Signer(secret, salt="bilety receipt as a file", **SIGNED_BY).get_signature(content)
