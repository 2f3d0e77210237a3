"""What else a word or a phrase may be called."""

from __future__ import annotations

from functools import cache

from app.search.analysis.folding import fold
from app.search.analysis.lists import DATA, lines, stop_words
from app.search.analysis.terms import terms
from app.search.analysis.tokens import words

Name = tuple[str, ...]
"""A word, or the words of a phrase."""


_added: tuple[str, ...] = ()


def add(meanings: tuple[str, ...]) -> None:
    """From here on these lines, too, hold names of one thing, beside those of the data file."""
    global _added
    if meanings != _added:
        _added = meanings
        _meanings.cache_clear()


@cache
def _meanings() -> tuple[dict[str, list[int]], list[list[Name]]]:
    """For each stem of a name's first word the lines it stands on, and the names of each line."""
    first_words: dict[str, list[int]] = {}
    meanings: list[list[Name]] = []
    for number, line in enumerate([*lines(DATA / "synonyms.txt"), *_added]):
        names = [_name(text) for text in line.split(",")]
        meanings.append([name for name in names if name])
        for name in meanings[-1]:
            for term in sure_terms(name[0]):
                first_words.setdefault(term, []).append(number)
    return first_words, meanings


@cache
def known_names() -> frozenset[str]:
    """The names of one word in the data file, folded; not what a desk added, which not everybody may read."""
    names = (name.strip() for line in lines(DATA / "synonyms.txt") for name in line.split(","))
    return frozenset(fold(name) for name in names if name.isalpha())


def _name(text: str) -> Name:
    return tuple(word.text.lower() for word in words(text) if word.text.lower() not in stop_words())


@cache
def sure_terms(word: str) -> frozenset[str]:
    """The form and the stems of a word without its looser roots."""
    return frozenset(term for term, sureness in terms(word, None).items() if sureness > 0.8)


def other_names(sought: list[str]) -> list[tuple[int, int, Name]]:
    """(first, how many, name) for each run of the sought words that also goes by that name."""
    first_words, meanings = _meanings()
    found: dict[tuple[int, int, Name], None] = {}
    for start, word in enumerate(sought):
        for number in dict.fromkeys(n for term in sure_terms(word) for n in first_words.get(term, ())):
            for length in {len(name) for name in meanings[number] if _stands_at(name, sought, start)}:
                said = tuple(sought[start : start + length])
                found |= {(start, length, name): None for name in meanings[number] if not _same(name, said)}
    return list(found)


def _stands_at(name: Name, sought: list[str], start: int) -> bool:
    return len(sought) - start >= len(name) and _same(name, tuple(sought[start : start + len(name)]))


def _same(one: Name, other: Name) -> bool:
    return len(one) == len(other) and all(sure_terms(a) & sure_terms(b) for a, b in zip(one, other, strict=True))
