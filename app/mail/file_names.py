"""What a part's file is called, however its program wrote that down (RFC 2183, 2231, 2047, or none of them)."""

from __future__ import annotations

import re
from email.message import Message
from urllib.parse import unquote_to_bytes

from app.mail import headers
from app.mail.charset import decode

WHERE = (("content-disposition", "filename"), ("content-type", "name"))
ALL_PERCENT = re.compile(r"^(?:[^%\s]|%[0-9a-f]{2})*%(?:20|[89a-f][0-9a-f])(?:[^%\s]|%[0-9a-f]{2})*$", re.I)


def file_name(part: Message) -> str | None:
    """The name by Content-Disposition, else by Content-Type; the one of RFC 2231 before a plain one beside it."""
    for header, name in WHERE:
        values: list[object] = [value for key, value in _parameters(part, header) if key.lower() == name]
        values.sort(key=lambda value: not isinstance(value, tuple))
        found = next(filter(None, map(_read, values)), None)
        if found:
            return found
    return None


def _parameters(part: Message, header: str) -> list[tuple[str, str]]:
    try:
        return part.get_params([], header)
    except Exception:  # A header that cannot be taken apart has none.
        return []


def _read(value: object) -> str:
    if isinstance(value, tuple):
        charset, _language, text = value
        data = str(text).encode("latin-1", "replace")
        return headers.decode_words(decode(data, charset or "utf-8")[0])
    plain = headers.decode_words(headers.unfold(str(value)))
    if ALL_PERCENT.match(plain):
        try:
            return unquote_to_bytes(plain).decode("utf-8")
        except UnicodeDecodeError:
            return plain
    return plain
