"""A guess at the language of a text by its small words."""

from __future__ import annotations

import re

_POLISH = frozenset(
    """
    i w na z do nie się sie jest to że ze jak po za przez dla od czy przy lub oraz który ktory która ktora
    które ktore mam mamy proszę prosze jeśli jesli gdy ale tylko już juz tym przed może moze można mozna brak
    są byc być dzień dzien dobry pozdrawiam witam dziękuję dziekuje
    """.split()
)
_ENGLISH = frozenset(
    """
    the of and is in not for with that it on are this be from by when how what cannot can does have has was an
    or we you my our if but after before please there which will do hello hi dear thank thanks regards to
    """.split()
)
_LETTERS = frozenset("ąćęłńóśźż")
_SAMPLE = 4_000


def guess_language(text: str) -> str | None:
    """ "pl", "en", or None where nothing tells."""
    words = re.findall(r"[^\W\d_]+", text[:_SAMPLE].lower())
    polish = sum(word in _POLISH for word in words) + sum(not _LETTERS.isdisjoint(word) for word in words)
    english = sum(word in _ENGLISH for word in words)
    if polish == english:
        return None
    return "pl" if polish > english else "en"
