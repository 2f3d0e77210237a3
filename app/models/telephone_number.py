"""Telephone numbers as people write them, and the form in which two of them are compared."""

from __future__ import annotations

import re

COMPARED = 9  # digits: those of a national number, so that it is the same with and without its country code
LEAST = 5  # digits; what is shorter is no number of a caller


def number_key(text: str | None) -> str | None:
    """The last digits of a number, by which it is found; None for what is no number."""
    digits = re.sub(r"[^0-9]", "", text or "").lstrip("0")
    return digits[-COMPARED:] if len(digits) >= LEAST else None
