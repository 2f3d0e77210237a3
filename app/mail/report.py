"""Delivery reports: those by structure (RFC 3464), and the older ones that only say so in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from app.mail import headers, phrases
from app.mail.bounds import parsed
from app.mail.letter import Report
from app.mail.parts import bytes_of

FAILED_RECIPIENT = re.compile(
    r"(?:Final-Recipient|Original-Recipient|X-Failed-Recipients)\s*:\s*(?:rfc822\s*;)?\s*<?([^\s<>;]+@[^\s<>;]+)", re.I
)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")  # no part of a network address
SMTP_CODE = re.compile(r"\b([45]\d\d)([ -]|[.,;)]\s)")
ADDRESS = re.compile(r"<?([A-Za-z0-9._%+=-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})>?")
DAEMON = re.compile(r"mailer[-_.]?daemon|mail delivery (sub)?system", re.I)
INNER_ID = re.compile(r"^Message-ID:\s*<([^<>\s]+)>", re.I | re.M)
STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
LETTERS = ("message/rfc822", "message/global")
WORST = ("failed", "delayed", "")  # of several recipients the one that matters most
MOST_TEXT = 100_000
MOST_BLOCKS = 100
MOST_SAID = 5_000  # Further down stands the letter that came back.
FULL, UNKNOWN = "5.2.2", "5.0.0"


def read_report(message: Message, texts: list[str]) -> Report | None:
    """The report that a letter holds, by its parts; None when it has no such part."""
    status_part = None
    original_id = None
    for part in _own_parts(message):
        kind = part.get_content_type()
        if kind in STATUS_PARTS:
            status_part = status_part or part
        elif kind in LETTERS:
            payload = part.get_payload()
            if isinstance(payload, list) and payload and isinstance(payload[0], Message):
                original_id = original_id or next(iter(headers.ids((str(payload[0].get("Message-ID") or ""),))), None)
        elif kind == "text/rfc822-headers":
            found = INNER_ID.search(str(part.get_payload()))
            original_id = original_id or (found.group(1) if found else None)
    if status_part is None:
        return _worded(message, texts, original_id)
    fields = _fields(status_part)
    diagnostic = fields.get("diagnostic-code", "")
    return Report(
        recipient=_recipient(fields),
        action=fields.get("action", "").lower().split(" ")[0] or None,
        status=_first(STATUS, fields.get("status", "") + " " + diagnostic),
        original_id=original_id,
        has_parts=True,
        is_full=bool(phrases.MAILBOX_FULL.search(diagnostic[:MOST_SAID])),
    )


def _own_parts(message: Message) -> Iterator[Message]:
    """The parts of the letter itself: what a letter within it reports is not its own."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        yield part
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_type() not in (*STATUS_PARTS, *LETTERS):
            waiting += [child for child in payload if isinstance(child, Message)]


def _worded(message: Message, texts: list[str], original_id: str | None) -> Report | None:
    """What the words of a report without the standard parts tell. A mail daemon that wants no answer reports always."""
    text = "\n".join(texts)[:MOST_TEXT]
    inner = INNER_ID.findall(text)
    recipient = _first(ADDRESS, _value(message, "X-Failed-Recipients")) or _first(FAILED_RECIPIENT, text)
    status = _first(STATUS, text)
    said = text[:MOST_SAID].lower()
    still_tried = phrases.STILL_TRIED.search(said)
    told = still_tried or phrases.BOUNCE_BODY.search(said) or _is_daemons(message)
    if not (status or recipient or SMTP_CODE.search(text) or original_id or inner or told):
        return None
    if status is None:
        code = _first(SMTP_CODE, text)
        status = f"{code[0]}.0.0" if code else None
    if status in (None, UNKNOWN) and phrases.MAILBOX_FULL.search(text[:MOST_SAID]):
        status = FULL
    delayed = still_tried and not (status or "").startswith("5")
    recipient = recipient or _somebody_else(message, text)
    return Report(recipient, "delayed" if delayed else None, status, original_id or (inner[-1] if inner else None))


def _is_daemons(message: Message) -> bool:
    return _value(message, "Return-Path").strip() == "<>" and bool(DAEMON.search(_value(message, "From")))


def _somebody_else(message: Message, text: str) -> str | None:
    """The first address that the words name, but for those between which the report itself went."""
    ends = f"{_value(message, 'From')} {_value(message, 'To')}".lower()
    named = [found.group(1).lower() for found in ADDRESS.finditer(text)]
    return next((address for address in named if address not in ends), next(iter(named), None))


def _value(message: Message, name: str) -> str:
    return str(message.get(name) or "")


def _fields(part: Message) -> dict[str, str]:
    """The fields about the letter, and of its recipients those of the one that fared worst; the first value of each."""
    blocks = [
        {str(name).lower(): headers.unfold(str(value)) for name, value in reversed(list(block.raw_items()))}
        for block in _blocks(part)
    ]
    blocks.sort(key=lambda block: next((rank for rank, action in enumerate(WORST) if _says(block, action)), len(WORST)))
    found: dict[str, str] = {}
    for block in blocks:
        found = block | found
    return found


def _blocks(part: Message) -> list[Message]:
    """Groups of fields. Of those in UTF-8 (RFC 6533) the standard library parts only the first from the others."""
    payload = part.get_payload()
    blocks = [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []
    if part.get_content_type() == "message/delivery-status" or len(blocks) != 1:
        return blocks
    others = bytes_of(blocks[0])[:MOST_TEXT].replace(b"\r\n", b"\n").strip()
    return blocks + [parsed(other + b"\n\n") for other in re.split(rb"\n{2,}", others)[:MOST_BLOCKS] if other]


def _says(block: dict[str, str], action: str) -> bool:
    return block.get("action", "").lower().startswith(action) if action else "action" not in block


def _recipient(fields: dict[str, str]) -> str | None:
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        address = fields.get(name, "").partition(";")[2] or fields.get(name, "")
        if "@" in address:
            return address.strip().strip("<>").lower()
    return None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found.group(1).lower() if found else None
