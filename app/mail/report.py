"""Delivery reports: those by structure (RFC 3464), and the older ones that only say so in words."""

from __future__ import annotations

import re
from email.message import Message

from app.mail import headers, phrases
from app.mail.letter import Report

FAILED_RECIPIENT = re.compile(
    r"(?:Final-Recipient|Original-Recipient|X-Failed-Recipients)\s*:\s*(?:rfc822\s*;)?\s*<?([^\s<>;]+@[^\s<>;]+)", re.I
)
SOFT_STATUS = ("5.2.2", "4.")  # trying again may help, as with a full mailbox (RFC 3463)
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
SMTP_CODE = re.compile(r"\b([45]\d\d)[ -]")
ADDRESS = re.compile(r"<?([A-Za-z0-9._%+=-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})>?")
INNER_ID = re.compile(r"^Message-ID:\s*<([^<>\s]+)>", re.I | re.M)
MOST_TEXT = 100_000
MOST_SAID = 5_000  # Further down stands the letter that came back.
FULL, UNKNOWN = "5.2.2", "5.0.0"


def read_report(message: Message, texts: list[str]) -> Report | None:
    """The report that a letter holds, by its parts; None when it has no such part."""
    status_part = None
    original_id = None
    for part in message.walk():
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            status_part = status_part or part
        elif kind in ("message/rfc822", "message/global"):
            payload = part.get_payload()
            if isinstance(payload, list) and payload and isinstance(payload[0], Message):
                original_id = original_id or next(iter(headers.ids((str(payload[0].get("Message-ID") or ""),))), None)
        elif kind == "text/rfc822-headers":
            found = INNER_ID.search(str(part.get_payload()))
            original_id = original_id or (found.group(1) if found else None)
    if status_part is None:
        return _worded(texts, original_id)
    fields = _fields(status_part)
    return Report(
        recipient=_recipient(fields),
        action=fields.get("action", "").lower().split(" ")[0] or None,
        status=_first(STATUS, fields.get("status", "") + " " + fields.get("diagnostic-code", "")),
        original_id=original_id,
        has_parts=True,
    )


def _worded(texts: list[str], original_id: str | None) -> Report | None:
    """What the words of a report without the standard parts tell."""
    text = "\n".join(texts)[:MOST_TEXT]
    inner = INNER_ID.findall(text)
    recipient = _first(FAILED_RECIPIENT, text)
    status = _first(STATUS, text)
    told = phrases.BOUNCE_BODY.search(text[:MOST_SAID])
    if not (status or recipient or SMTP_CODE.search(text) or original_id or inner or told):
        return None
    if status is None:
        code = _first(SMTP_CODE, text)
        status = f"{code[0]}.0.0" if code else None
    if status in (None, UNKNOWN) and phrases.MAILBOX_FULL.search(text[:MOST_SAID]):
        status = FULL
    delayed = not (status or "").startswith("5") and phrases.STILL_TRIED.search(text[:MOST_SAID])
    recipient = recipient or _first(ADDRESS, text)
    return Report(recipient, "delayed" if delayed else None, status, original_id or (inner[-1] if inner else None))


def _fields(part: Message) -> dict[str, str]:
    """The fields of every block of a delivery status, the first value of each winning."""
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else []
    found: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, Message):
            for name, value in block.raw_items():
                found.setdefault(str(name).lower(), headers.unfold(str(value)))
    return found


def _recipient(fields: dict[str, str]) -> str | None:
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        address = fields.get(name, "").partition(";")[2] or fields.get(name, "")
        if "@" in address:
            return address.strip().strip("<>").lower()
    return None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found.group(1).lower() if found else None
