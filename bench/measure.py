"""How the benches measure and say it: by turns, medians and bests, ratios within one run.

The machine may be busy with other things. What is compared is therefore measured alternately (A, B, A, B),
and bars are ratios of two figures of the same run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number and, where the project has set one, its bar."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        over = self.at_most is not None and self.value > self.at_most
        under = self.at_least is not None and self.value < self.at_least
        return not (over or under)

    def __str__(self) -> str:
        line = f"  {self.name:58} {self.value:12.4g} {self.unit:6}"
        if self.at_most is not None:
            line += f" at most {self.at_most:g}"
        if self.at_least is not None:
            line += f" at least {self.at_least:g}"
        return line.rstrip() + ("" if self.holds else "  MISSED")


def report(title: str, *figures: Figure) -> int:
    """Print the figures; 0 when every bar holds, else 1."""
    print(title, flush=True)
    for figure in figures:
        print(figure, flush=True)
    return 0 if all(figure.holds for figure in figures) else 1


def best_of(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Seconds of the fastest round of each work, measured by turns."""
    best = [float("inf")] * len(works)
    for _round in range(rounds):
        for place, work in enumerate(works):
            begin = time.perf_counter()
            work()
            best[place] = min(best[place], time.perf_counter() - begin)
    return best
