"""A guess at the language of a letter, by the small words that every sentence needs."""

from __future__ import annotations

import re

POLISH = frozenset(
    """i w z na do się nie że to jest o od po za jak ale przez dla czy już tylko oraz proszę prosze dzień dzien dobry
    mam mamy może moze przy pod są sa było jeszcze który która które dziękuję dziekuje pozdrawiam witam nam mi
    państwo panstwo ten ta tego bardzo gdy kiedy""".split()
)
ENGLISH = frozenset(
    """the of and is in not for with that it on are this be from by when how can does have has was an or we you my our
    if but after before please there which will do hello hi dear thank thanks regards i to a""".split()
)
LETTERS = frozenset("ąćęłńóśźż")
SAMPLE = 4_000


def guess_language(text: str) -> str | None:
    """pl, en, or None where too little tells."""
    words = re.findall(r"[^\W\d_]+", text[:SAMPLE].lower())
    polish = sum(word in POLISH for word in words) + sum(not LETTERS.isdisjoint(word) for word in words)
    english = sum(word in ENGLISH for word in words)
    if polish == english:
        return None
    return "pl" if polish > english else "en"
