"""Our terms as PostgreSQL's tsvector and tsquery. No server dictionary ever sees a word."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from app.search.analysis import indexed_terms
from app.search.document import Document
from app.search.plan import Clause, Options, Plan

LAST_POSITION = 16_383  # of a tsvector
MOST_POSITIONS = 255  # of one lexeme
GAP = 100  # keeps a phrase from running out of one field into the next
LONGEST_TEXT = 100_000
LARGEST_VECTOR = 900_000  # bytes; the server refuses 1 MiB
SUREST = 0.9


def vector(document: Document, *, notes: bool) -> str:
    """The subject with weight A, messages with D and, when asked, notes, as the text of a tsvector."""
    places: dict[str, dict[int, str]] = {}
    start = 1
    texts = ((document.title, "A"), (document.body, ""), (document.internal if notes else "", ""))
    for text, weight in texts:
        last = 0
        for position, term in indexed_terms(text[:LONGEST_TEXT], None):
            last = position
            places.setdefault(term, {}).setdefault(min(start + position, LAST_POSITION), weight)
        start += last + GAP
    return " ".join(_within(_lexeme(term, where) for term, where in places.items()))


def _within(lexemes: Iterable[str]) -> Iterator[str]:
    size = 0
    for lexeme in lexemes:
        size += len(lexeme.encode())
        if size > LARGEST_VECTOR:
            return
        yield lexeme


def _lexeme(term: str, where: dict[int, str]) -> str:
    positions = ",".join(f"{place}{weight}" for place, weight in list(where.items())[:MOST_POSITIONS])
    return f"{quoted(term)}:{positions}"


def quoted(term: str) -> str:
    """A term as a lexeme, whatever stands in it."""
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def quoted_or_begun(term: str) -> str:
    """`word*` stands for all that begin so."""
    return f"{quoted(term[:-1])}:*" if term.endswith("*") else quoted(term)


def strict(plan: Plan) -> str:
    """The tsquery that finds documents with all that is sought."""
    parts = [f"({group})" for group in groups(plan)]
    parts += [f"({_phrase(phrase)})" for phrase in plan.phrases]
    return " & ".join(parts)


def loose(plan: Plan) -> str:
    """The tsquery that finds documents with any of it."""
    return " | ".join(groups(plan))


def most(plan: Plan) -> str:
    """The tsquery that finds documents with all of it, or of more than two words with all but one."""
    parts = [f"({group})" for group in groups(plan)]
    return " | ".join(" & ".join(some) for some in itertools.combinations(parts, max(2, len(parts) - 1)))


def groups(plan: Plan) -> list[str]:
    """A tsquery for each group of the plan."""
    return [" | ".join(_clause(clause) for clause in group) for group in plan.groups]


def without(plan: Plan) -> str:
    return " | ".join(_clause(clause) for clause in plan.without)


def surest(plan: Plan) -> str:
    """The words as they were typed, for ranking above their looser forms."""
    sure = [term for group in plan.groups for clause in group for term, sureness in clause.options if sureness > SUREST]
    return any_of(sure)


def any_of(terms: Iterable[str]) -> str:
    return " | ".join(quoted(term) for term in dict.fromkeys(terms))


def _clause(clause: Clause) -> str:
    parts = [quoted(term) for term, _sure in clause.options]
    if clause.prefix:
        parts.append(f"{quoted(clause.prefix)}:*")
    parts += ["(" + " & ".join(f"({_any(word)})" for word in name) + ")" for name in clause.names]
    return " | ".join(parts)


def _any(options: Options) -> str:
    return any_of(term for term, _sure in options)


def _phrase(phrase: tuple[tuple[str, int], ...]) -> str:
    text = quoted(phrase[0][0])
    for term, distance in phrase[1:]:
        text += f" <{distance}> {quoted(term)}"
    return text
