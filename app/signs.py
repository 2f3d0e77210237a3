"""Signs that nobody sees: they turn the reading direction around, or make two equal words different."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Joiners (U+200C, U+200D) are not among them: Persian words and many pictures of people are written with them.
HIDDEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\U000e0000-\U000e007f]"
)


def without_hidden(text: str) -> str:
    """A name or a subject as it looks, so that it is what it looks like."""
    return HIDDEN.sub("", text)


def is_storable(text: str) -> bool:
    """Whether every database can hold it: no NUL (PostgreSQL), no half of a surrogate pair (UTF-8)."""
    return not any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in text)


UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # categories of Unicode
JOINERS = "\u00ad\u200c\u200d\u200e\u200f"  # what words of some languages are written with


def unseen(text: str) -> Iterator[tuple[int, str]]:
    """Place and sign of what no reader sees in a text that somebody wrote: line ends and tabs too."""
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in UNSEEN and sign not in JOINERS:
            yield place, sign
