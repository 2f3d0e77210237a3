"""A search that ends in time with what it has found."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from whoosh import query
from whoosh.collectors import TimeLimit, WrappingCollector
from whoosh.matching import FilterMatcher
from whoosh.searching import Results, Searcher

LOOKED_EVERY = 64  # found documents


class TimedSearcher(Searcher):
    """Reads no further block of postings once its time is over: it may read many of them between two hits."""

    until = math.inf  # as time.monotonic() tells it

    def postings(self, *given: Any, **named: Any) -> Any:
        found = super().postings(*given, **named)
        leaf = found.child if isinstance(found, FilterMatcher) else found
        if hasattr(leaf, "_next_block"):
            leaf._next_block = _in_time(leaf._next_block, self.get_parent().until)
        return found

    def found_in_time(self, wanted: query.Query, until: float, **how: Any) -> InTime:
        """What was found, or what of it was read by then.

        With a limit Whoosh skips blocks by their quality: they are not counted, and it gets their quality wrong here.
        """
        self.until = until
        collector = _TimedCollector(self.collector(**how), until)
        try:
            self.search_with_collector(wanted, collector)
        except TimeLimit:
            return InTime(collector.results(), collector.numbers, partial=True)
        return InTime(collector.results(), collector.numbers, partial=False)


@dataclass(frozen=True)
class InTime:
    """The best of what was found, and the numbers of all of it."""

    best: Results
    numbers: Sequence[int]
    partial: bool


class _TimedCollector(WrappingCollector):
    def __init__(self, child: Any, until: float) -> None:
        super().__init__(child)
        self.until = until
        self.numbers: list[int] = []

    def collect_matches(self) -> None:
        collect, offset, found = self.child.collect, self.child.offset, self.numbers.append
        for place, number in enumerate(self.child.matches()):
            if place % LOOKED_EVERY == 0:
                _check(self.until)
            collect(number)
            found(offset + number)


def _in_time(act: Callable[[], Any], until: float) -> Callable[[], Any]:
    def timed() -> Any:
        _check(until)
        return act()

    return timed


def _check(until: float) -> None:
    if time.monotonic() > until:
        raise TimeLimit
