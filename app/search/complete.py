"""The end of a word that is being typed, taken from what was found and may be read: from nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from app.search.analysis import fold, is_stop_word, words
from app.search.analysis.terms import stem
from app.search.hits import Hit
from app.search.parse import SHORTEST_PREFIX

MOST = 6


def as_begun(text: str) -> str:
    """The search with its last word as a beginning, without it while it is too short for one; empty if all is."""
    if _last(text):
        return f"{text}*"
    before, _space, word = text.rpartition(" ")
    if len(word) < SHORTEST_PREFIX and word.isalpha():
        return before
    return text if len(text) >= SHORTEST_PREFIX else ""


def completions(text: str, hits: Iterable[Hit]) -> list[str]:
    """The search with its last word ended in the ways in which what was found goes on, one form of each word."""
    last = _last(text)
    if not last:
        return []
    begun, found = text[: len(text) - len(last)], dict[str, str]()
    for hit in hits:
        for pieces in (hit.title, hit.excerpt):
            for word in words("".join(said for said, _marked in pieces)):
                form = fold(word.text)
                if form.startswith(fold(last)) and form != fold(last) and not is_stop_word(word.text):
                    found.setdefault(fold(stem(word.text.lower(), "polish")), word.text.lower())
    return [begun + word for word in found.values()][:MOST]


def _last(text: str) -> str:
    """The word at the very end, if it is one of letters and long enough."""
    word = text.rsplit(" ", 1)[-1] if text else ""
    return word if word.isalpha() and len(word) >= SHORTEST_PREFIX else ""
