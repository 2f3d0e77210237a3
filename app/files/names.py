"""Names of files as they may be kept, shown and sent."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

from app.signs import without_hidden

LONGEST_NAME = 150
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\u2028\u2029]')


def safe_name(name: str | None, content_type: str, number: int) -> str:
    """The last part of a name, without what paths and readers could trip over; a made one where nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    plain = " ".join(FORBIDDEN.sub("", without_hidden(last)).split()).strip(". ")
    if not plain:
        return f"attachment-{number}{mimetypes.guess_extension(content_type) or '.bin'}"
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return plain[:LONGEST_NAME]
