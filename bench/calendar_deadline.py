"""A deadline over five business days, as a multiple of one zoneinfo conversion of the same run (bar: 150)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.calendar.clock import add_business_time
from app.calendar.preset import CWT
from bench.measure import Figure, best_of, report

STARTS = [datetime(2026, 1, 1, 7, tzinfo=UTC) + timedelta(hours=7 * step) for step in range(1_000)]
FIVE_DAYS = timedelta(hours=40)
BAR = 150


def main(_argv: Sequence[str] = ()) -> int:
    """Measure both by turns; 0 when the bar holds."""
    CWT.days.clear()
    (cold,) = best_of(1, _deadlines)
    conversion, deadline = best_of(7, _conversions, _deadlines)
    return report(
        "Calendar",
        Figure("a zoneinfo conversion", conversion / len(STARTS) * 1e6, "µs"),
        Figure("a deadline over 5 business days", deadline / len(STARTS) * 1e6, "µs"),
        Figure("the same, days of the calendar not yet worked out", cold / len(STARTS) * 1e6, "µs"),
        Figure("deadline / conversion", deadline / conversion, "", at_most=BAR),
        Figure("deadline / conversion, first time", cold / conversion, "", at_most=BAR),
    )


def _conversions() -> None:
    for start in STARTS:
        start.astimezone(CWT.tz)


def _deadlines() -> None:
    for start in STARTS:
        add_business_time(CWT, start, FIVE_DAYS)
