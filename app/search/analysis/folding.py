"""Letters without their marks."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# NFKD does not take these apart.
_WHOLE_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
POLISH_LETTERS = frozenset("ąćęłńóśźż")


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """The lower-case word with every letter in its plain form: "żółć" becomes "zolc"."""
    word = word.lower()
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFKD", word.translate(_WHOLE_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def has_polish_letters(word: str) -> bool:
    return not POLISH_LETTERS.isdisjoint(word)
