"""The envelope of a letter that was delivered already: told from what the last server wrote on it. Light: no Flask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser

from app.mail.receive import Envelope, base_address
from app.mail.ways import Account

LONGEST_HEADER = 256 * 1024
DELIVERED_TO = ("Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To")
NAMED = ("To", "Cc")
# An address as servers write ours. The library's parser is not asked: a hostile header brings it to its knees.
ADDRESS = re.compile(r"""(?<![^\s<>()\[\],;:\\"'])[^\s<>()\[\],;:\\"'@]{1,250}@[^\s<>()\[\],;:\\"'@]{1,255}""")


def envelope_of(raw: bytes, account: Account) -> Envelope:
    """Recipient and sender as the last server saw them.

    The recipient is an address of this mailbox, the one with most in its plus part: there our mark stands. Where no
    header names one (Bcc, an alias of the server), it is the mailbox's own address.
    """
    header = BytesHeaderParser().parsebytes(raw.lstrip(b"\r\n")[:LONGEST_HEADER])
    own = [address for address in _addresses(header) if base_address(address) == account.address]
    return Envelope(
        recipients=(max(own, key=len, default=account.address),),
        transport=account.way,
        sender=_return_path(header),
        peer=account.host,
    )


def _addresses(header: Message) -> Iterator[str]:
    for name in (*DELIVERED_TO, *NAMED):
        for value in header.get_all(name, ()):
            yield from ADDRESS.findall(str(value))


def _return_path(header: Message) -> str | None:
    """MAIL FROM (RFC 5321 section 4.4): empty for the null path, nothing where the server did not write it."""
    value = header.get("Return-Path")
    return None if value is None else str(value).strip().strip("<>").strip()
