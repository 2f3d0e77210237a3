"""Where a term stands in a segment, a block of postings at a time.

Whoosh's matchers go from posting to posting by calls of Python; here a block is a few tuples, and sets do the rest.
"""

from __future__ import annotations

import pickle
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from app.search.whoosh.codec import places_of


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents by their numbers, which rise, and what a term weighs in each; how often it stands there, in texts."""

    numbers: tuple[int, ...]
    weights: tuple[float, ...]
    values: Any

    def places(self) -> Mapping[int, tuple[int, ...]]:
        """At which positions of its text the term stands in each document."""
        return dict(zip(self.numbers, places_of(self.values, self.weights), strict=True))


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """Some of a term's postings on the disk, the last of them that of document `last`."""

    last: int
    file: Any
    start: int
    length: int

    def read(self) -> Postings:
        steps, weights, values = pickle.loads(self.file.get(self.start, self.length))  # noqa: S301  (our own index)
        numbers = tuple(accumulate(steps))
        if not isinstance(weights, tuple):  # All weigh the same: 1 where it says nothing.
            weights = (1.0 if weights is None else weights,) * len(numbers)
        return Postings(numbers, weights, values)


class Blocks:
    """All blocks of a term, in order, of which only the heads were read."""

    def __init__(self, matcher: Any) -> None:
        self.all = list(_heads(matcher))
        self.lasts = [block.last for block in self.all]

    def near(self, numbers: Set[int], span: range) -> Iterator[Block]:
        """Those that may hold any of these numbers, all of which lie within the span."""
        if len(numbers) < len(self.all):
            places = sorted({bisect_left(self.lasts, number) for number in numbers})
        else:
            places = list(range(bisect_left(self.lasts, span.start), bisect_left(self.lasts, span.stop - 1) + 1))
        return (self.all[place] for place in places if place < len(self.all))


def _heads(leaf: Any) -> Iterator[Block]:
    while not leaf._atend:
        yield Block(leaf._maxid, leaf._postfile, leaf._dataoffset, leaf._nextoffset - leaf._dataoffset)
        leaf._next_block()
