"""A search that ends in time with what it has found."""

from __future__ import annotations

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from whoosh import query
from whoosh.searching import Searcher

from app.search.whoosh.walk import Segment, Walk

LOOKED_AT = 32_768  # documents at once: what was found in these counts also when the time is over before the next


class _TimeIsOver(Exception):
    pass


@dataclass
class InTime:
    """The number of every document that was found, with its score."""

    scores: dict[int, float] = field(default_factory=dict)
    partial: bool = False

    def best(self, first: int, limit: int) -> list[tuple[int, float]]:
        """A page of them, the best first; of equals the one that was written first."""
        order = ((score, -number) for number, score in self.scores.items())
        return [(-number, score) for score, number in heapq.nlargest(first + limit, order)[first:]]


def found_in_time(searcher: Searcher, wanted: query.Query, narrowing: Sequence[query.Query], until: float) -> InTime:
    """All that is found until then, as time.monotonic() tells it, the newest documents first."""

    def check() -> None:
        if time.monotonic() > until:
            raise _TimeIsOver

    found = InTime()
    if not searcher.doc_count_all():
        return found
    try:
        for leaf, offset in reversed(searcher.leaf_searchers()):
            segment = Segment(leaf, check)
            for begin in reversed(range(0, segment.size, LOOKED_AT)):
                check()
                walk = Walk(segment, range(begin, min(begin + LOOKED_AT, segment.size)))
                for number, score in walk.scores(wanted, narrowing).items():
                    found.scores[offset + number] = score
    except _TimeIsOver:
        found.partial = True
    return found
