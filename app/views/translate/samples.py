"""A sentence as its reader meets it, with sample values where the product puts real ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.catalogs.plurals import form_of

NUMBERS = (1, 2, 5, 22)
NAMED = re.compile(r"%\((\w+)\)[a-zA-Z]|\{(\w+)\}")


def filled_in(text: str, number: int | None = None) -> str:
    """The text with a number, and with the name of each other value in brackets."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        if number is not None and match.group(0).endswith("d"):
            return str(number)
        return f"[{name}]"

    return NAMED.sub(value, text).replace("%%", "%")


def examples(strings: Sequence[str], language: str, *, plural: bool) -> list[str]:
    """The sentence once, or for each of the sample numbers."""
    if not plural:
        return [filled_in(text) for text in strings[:1]]
    return [filled_in(strings[place], n) for n in NUMBERS if (place := form_of(language, n)) < len(strings)]
