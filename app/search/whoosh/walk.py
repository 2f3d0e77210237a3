"""What a query finds in a segment and what that is worth: first which documents, by sets; then the scores of these.

Queries are Whoosh's own and so are the scores, BM25F: a test compares both with those of its matchers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from whoosh import query
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, _lenfield
from whoosh.formats import Format
from whoosh.reading import TermNotFound
from whoosh.searching import Searcher
from whoosh.util.numeric import byte_to_length

from app.search.whoosh.postings import Block, Blocks, Postings

BYTES = range(256)  # Whoosh keeps about how long a text is in one byte.


class Segment:
    """A part of the index as one search reads it; `check` is called before each reading and may end it."""

    def __init__(self, searcher: Searcher, check: Callable[[], None]) -> None:
        self.searcher, self.check = searcher, check
        self.reader = searcher.reader()
        self.size: int = self.reader.doc_count_all()
        self.gone = frozenset(self.reader._perdoc.deleted_docs())
        self.top = searcher.weighting.K1 + 1
        self.terms: dict[tuple[str, str], Blocks | None] = {}
        self.costs: dict[str, tuple[bytes, list[float]] | None] = {}

    def blocks(self, term: query.Term) -> Blocks | None:
        """None where the term stands in no document."""
        key = (term.fieldname, term.text)
        if key not in self.terms:
            self.check()
            try:
                self.terms[key] = Blocks(self.reader._terms.matcher(*self._written(term)))
            except TermNotFound:
                self.terms[key] = None
        return self.terms[key]

    def rarity(self, term: query.Term) -> float:
        """In the whole index."""
        return float(self.searcher.get_parent().idf(*self._written(term)[:2]))

    def _written(self, term: query.Term) -> tuple[str, bytes, Format]:
        kind = self.searcher.schema[term.fieldname]
        return term.fieldname, kind.to_bytes(term.text), kind.format

    def lengths(self, name: str) -> tuple[bytes, list[float]] | None:
        """The length of each document's text in a byte, and for every byte what BM25F takes such a length for.

        None where terms count as they are.
        """
        if name not in self.costs:
            self.costs[name] = self._lengths(name) if self.searcher.schema[name].scorable else None
        return self.costs[name]

    def _lengths(self, name: str) -> tuple[bytes, list[float]]:
        column, model = self.reader._perdoc._cached_reader(_lenfield(name), LENGTHS_COLUMN), self.searcher.weighting
        lengths = column._dbfile.get(column._basepos, column._count).ljust(self.size, b"\0")
        average = self.searcher.get_parent().avg_field_length(name) or 1
        return lengths, [model.K1 * ((1 - model.B) + model.B * byte_to_length(byte) / average) for byte in BYTES]


class Walk:
    """Over a span of a segment's documents."""

    def __init__(self, segment: Segment, span: range) -> None:
        self.segment, self.span = segment, span
        self.read: dict[Block, Postings] = {}

    def scores(self, wanted: query.Query, narrowing: Sequence[query.Query]) -> dict[int, float]:
        """What is found by the query and all that narrows it, and what the query finds it worth."""
        found: set[int] = set(self.span) - self.segment.gone
        for each in narrowing:
            found = self.among(each, found)
        found = self.among(wanted, found)
        worth = dict.fromkeys(found, 0.0)
        self._add(wanted, found, worth, 1.0)
        return worth

    def among(self, wanted: query.Query, numbers: set[int]) -> set[int]:
        """Those of these documents that a query finds."""
        match wanted:
            case query.Term():
                return {number for held, _read in self._held(wanted, numbers) for number in held}
            case query.And():  # The rarest first: the others are only read where it stands.
                for part in sorted(wanted.subqueries, key=self._size):
                    numbers = self.among(part, numbers)
                return numbers
            case query.Or():
                return set().union(*(self.among(part, numbers) for part in wanted.subqueries))
            case query.AndNot():
                found = self.among(wanted.a, numbers)
                return found - self.among(wanted.b, found)
            case query.AndMaybe():
                return self.among(wanted.a, numbers)
            case query.ConstantScoreQuery():
                return self.among(wanted.child, numbers)
            case query.Phrase():
                return self._said(wanted, self.among(wanted._and_query(), numbers))
            case query.Every():
                return numbers
        raise TypeError(f"No search asks for {wanted!r}.")

    def _add(self, wanted: query.Query, found: set[int], worth: dict[int, float], boost: float) -> None:
        """Add what a query thinks of those of these documents that it finds."""
        match wanted:
            case query.Term():
                self._add_term(wanted, found, worth, boost * wanted.boost)
            case query.Or():
                for part in wanted.subqueries:
                    self._add(part, found, worth, boost)
            case query.And():
                found = self.among(wanted, found)
                for part in wanted.subqueries:
                    self._add(part, found, worth, boost)
            case query.AndNot():
                self._add(wanted.a, self.among(wanted, found), worth, boost)
            case query.AndMaybe():
                found = self.among(wanted.a, found)
                self._add(wanted.a, found, worth, boost)
                self._add(wanted.b, found, worth, boost)
            case query.ConstantScoreQuery():
                for number in self.among(wanted.child, found):
                    worth[number] += boost * wanted.score
            case query.Phrase():
                self._add(wanted._and_query(), self.among(wanted, found), worth, boost * wanted.boost)

    def _add_term(self, term: query.Term, found: set[int], worth: dict[int, float], boost: float) -> None:
        for held, read in self._held(term, found):
            weights = dict(zip(read.numbers, read.weights, strict=True))
            kept = self.segment.lengths(term.fieldname)
            if kept is None:
                for number in held:
                    worth[number] += weights[number] * boost
                continue
            rarity, top, (lengths, costs) = self.segment.rarity(term), self.segment.top, kept
            for number in held:
                weight = weights[number]
                worth[number] += rarity * ((weight * top) / (weight + costs[lengths[number]])) * boost

    def _held(self, term: query.Term, numbers: set[int]) -> Iterator[tuple[set[int], Postings]]:
        """Block by block those of these documents that hold a term."""
        blocks = self.segment.blocks(term)
        for block in blocks.near(numbers, self.span) if blocks and numbers else ():
            if block not in self.read:
                self.segment.check()
                self.read[block] = block.read()
            if held := numbers.intersection(self.read[block].numbers):
                yield held, self.read[block]

    def _said(self, phrase: query.Phrase, numbers: set[int]) -> set[int]:
        """Those of these documents in which the words of a phrase follow each other."""
        heard: dict[int, set[int]] = {}
        for place, word in enumerate(phrase.words):
            heard, before = {}, heard
            for held, read in self._held(query.Term(phrase.fieldname, word), numbers):
                places = read.places()
                for number in held:
                    said = places[number]
                    heard[number] = _after(before[number], said, phrase.slop) if place else set(said)
            numbers = {number for number, ends in heard.items() if ends}
        return numbers

    def _size(self, wanted: query.Query) -> float:
        """About how much a query finds."""
        match wanted:
            case query.Term():
                blocks = self.segment.blocks(wanted)
                return len(blocks.all) if blocks else 0
            case query.Or():
                return sum(map(self._size, wanted.subqueries))
            case query.And():
                return min(map(self._size, wanted.subqueries))
            case query.Phrase():
                return self._size(wanted._and_query())
        return math.inf


def _after(before: set[int], said: Sequence[int], slop: int) -> set[int]:
    return {place for place in said if not before.isdisjoint(range(place - slop, place))}
