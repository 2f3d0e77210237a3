"""When made-up tickets arrive: three years, mostly in working hours, slowly more of them. In order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

HOURS = 3 * 365 * 24
HOUR = timedelta(hours=1)
WARSAW = ZoneInfo("Europe/Warsaw")
BY_HOUR = (1, 1, 1, 1, 1, 2, 5, 20, 60, 95, 100, 98, 85, 90, 95, 80, 55, 25, 14, 10, 9, 8, 5, 3)
BY_WEEKDAY = (1.2, 1.05, 1.0, 1.0, 0.9, 0.12, 0.1)


def arrivals(count: int, until: datetime, random: Random) -> Iterator[datetime]:
    """`count` instants in UTC, ascending, of the three years before `until`."""
    start = until.astimezone(UTC) - HOUR * HOURS
    weights = [_weight(start + HOUR * hour, hour) for hour in range(HOURS)]
    share = count / sum(weights)
    owed, sent = 0.0, 0
    for hour, weight in enumerate(weights):
        owed += weight * share
        here = (count if hour == HOURS - 1 else round(owed)) - sent
        sent += here
        begin = start + HOUR * hour
        for second in sorted(random.random() for _ in range(here)):
            yield begin + HOUR * second


def _weight(instant: datetime, hour: int) -> float:
    local = instant.astimezone(WARSAW)
    return BY_HOUR[local.hour] * BY_WEEKDAY[local.weekday()] * (1 + hour / HOURS)
