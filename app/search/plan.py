"""A query as every engine reads it: which terms must, may and must not stand in a document."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from app.search.analysis import is_stop_word, terms
from app.search.analysis.synonyms import other_names
from app.search.parse import Parsed, Sought

Options = tuple[tuple[str, float], ...]
"""The terms of one word, each with how surely it is that word; any of them will do."""

SYNONYM = 0.25
LONGEST_NUMBER = 9
SHORTEST_JOINED = 5
LETTERS_THEN_DIGITS = re.compile(r"([^\W\d_]{2,})(\d\w*)")
STEM = 0.9  # how surely, at least, a stem is the word
FEW_WORDS = 2  # In a sentence words that say nothing are part of no other.


@dataclass(frozen=True)
class Clause:
    """One sought word: its terms, the beginning it may stand for, and other names, each of one or more words."""

    options: Options
    prefix: str | None = None
    names: tuple[tuple[Options, ...], ...] = ()


@dataclass(frozen=True)
class Plan:
    """`groups` must all be found, any clause of each will do. A phrase is (term, distance from the term before)."""

    groups: tuple[tuple[Clause, ...], ...] = ()
    phrases: tuple[tuple[tuple[str, int], ...], ...] = ()
    without: tuple[Clause, ...] = ()
    number: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self.groups and self.number is None

    @property
    def marks(self) -> frozenset[str]:
        """The terms by which a text is marked; one that ends in * stands for every word that begins so."""
        terms = {term for group in self.groups for clause in group for term in _all_terms(clause)}
        begun = {f"{clause.prefix}*" for group in self.groups for clause in group if clause.prefix}
        return frozenset(terms | begun)


def plan(parsed: Parsed, *, any_form: bool = False) -> Plan:
    """What the parsed words ask of a document. Equal for every engine, so that their answers agree.

    The words of a phrase stand as typed, or in `any_form`: "karta firmowa" also where somebody lost a kartę firmową.
    """
    names = _names(parsed)
    clauses = [_clause(word, names.get(index, ())) for index, word in enumerate(parsed.words)]
    joined = [tuple(clauses[index] for index in sorted(group)) for group in parsed.either]
    in_group = set().union(*parsed.either) if parsed.either else set()
    alone = [(clause,) for index, clause in enumerate(clauses) if index not in in_group]
    return Plan(
        groups=(*alone, *joined),
        phrases=tuple(phrase for said in parsed.phrases if len(phrase := _phrase(said, any_form)) > 1),
        without=tuple(_clause(word, ()) for word in parsed.without),
        number=_number(parsed.text),
    )


def _names(parsed: Parsed) -> dict[int, tuple[tuple[Options, ...], ...]]:
    """For each word the other names of the runs that it belongs to, so that a name stands for its whole run."""
    words = parsed.words
    found: dict[int, list[tuple[Options, ...]]] = {}
    for first, length, name in other_names([word.text for word in words]):
        said = tuple(_options(word, SYNONYM / length) for word in name)  # Each word of the run counts it.
        for index in range(first, first + length):
            found.setdefault(index, []).append(said)
    for index, (word, after) in enumerate(itertools.pairwise(words)):
        if after.start == word.end + 1 and (joined := _joined(word.text, after.text)) is not None:
            for each in (index, index + 1):
                found.setdefault(each, []).append((joined,))
    for index, word in enumerate(words):
        if parts := LETTERS_THEN_DIGITS.fullmatch(word.text):
            found.setdefault(index, []).append(tuple(_options(part, SYNONYM / 2) for part in parts.groups()))
    for index, word in enumerate(words if len(words) <= FEW_WORDS else ()):
        before = parsed.silent.get(word.start - 1, "")
        if len(before) > 1 and (joined := _joined(before, word.text)) is not None:
            found.setdefault(index, []).append((joined,))
    return {index: tuple(names) for index, names in found.items()}


def _joined(word: str, after: str) -> Options | None:
    """Two words that are also written as one: pay slip, fire wall, nad godziny, RAID 5."""
    both = word + after
    if len(both) < SHORTEST_JOINED or not (both.isalpha() or LETTERS_THEN_DIGITS.fullmatch(both)):
        return None
    return _options(both, SYNONYM / 2)


def _clause(word: Sought, names: tuple[tuple[Options, ...], ...]) -> Clause:
    wholes = tuple((whole, 1.0) for whole in word.wholes)
    options = _options(word.text, 1.0)
    return Clause((*options, *wholes), options[0][0] if word.is_prefix else None, names)


def _options(word: str, weight: float) -> Options:
    return tuple((term, sure * weight) for term, sure in terms(word, None).items())


def _phrase(words: list[Sought], any_form: bool) -> tuple[tuple[str, int], ...]:
    said = [word for word in words if not is_stop_word(word.text)]
    distances = [1, *(after.position - before.position for before, after in itertools.pairwise(said))]
    return tuple((_term(word.text, any_form), distance) for word, distance in zip(said, distances, strict=True))


def _term(word: str, any_form: bool) -> str:
    """The word as typed, or its stem: every document that has the one has the other."""
    form, *stems = _options(word, 1.0)
    return next((term for term, sureness in stems if sureness >= STEM), form[0]) if any_form else form[0]


def _number(text: str) -> int | None:
    """The ticket that "1001" or "#1001" names."""
    digits = text.strip().removeprefix("#").strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER else None


def _all_terms(clause: Clause) -> list[str]:
    return [term for term, _sure in (*clause.options, *(o for name in clause.names for word in name for o in word))]
