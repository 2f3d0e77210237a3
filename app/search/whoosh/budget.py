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
SPOKEN = frozenset({"title", "body"})


class TimedSearcher(Searcher):
    """Reads no further block of postings once its time is over: it may read many of them between two hits."""

    until = math.inf  # as time.monotonic() tells it
    reach: query.Query | None = None

    def postings(self, fieldname: str, *given: Any, **named: Any) -> Any:
        found = super().postings(fieldname, *given, **named)
        leaf = found.child if isinstance(found, FilterMatcher) else found
        if not hasattr(leaf, "_next_block"):
            return found
        whole = self.get_parent()
        leaf._next_block = _in_time(leaf._next_block, whole.until)
        if fieldname not in SPOKEN or whole.reach is None:
            return found
        if self.reached is None or self.reached[0] is not whole.reach:
            self.reached = whole.reach, frozenset(whole.reach.matcher(self).all_ids())
        return _Within(leaf, self.reached[1])

    reached: tuple[query.Query, frozenset[int]] | None = None

    def found_in_time(self, wanted: query.Query, until: float, reach: query.Query | None = None, **how: Any) -> InTime:
        """What was found, or what of it was read by then. Of texts no more is looked at than `reach` finds.

        With a limit Whoosh skips blocks by their quality: they are not counted, and it gets their quality wrong here.
        """
        self.until, self.reach = until, reach
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


class _Within(FilterMatcher):
    """Passes over what is out of reach within its block, so that nothing of it is scored."""

    def _find_next(self) -> bool:
        leaf, reached, moved = self.child, self._ids, False
        while leaf.is_active():
            leaf.id()  # The ids of a block are read when they are first asked for.
            ids = leaf._ids
            for place in range(leaf._i, len(ids)):
                if ids[place] in reached:
                    moved = moved or place != leaf._i
                    leaf._i = place
                    return moved
            leaf._i, moved = len(ids) - 1, True
            leaf.next()
        return moved


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
