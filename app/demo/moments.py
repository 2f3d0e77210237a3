"""When the things of a story happened, counted back from now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def moment(text: str, now: datetime) -> datetime:
    """ "3 mon 10:42": the Monday three weeks ago, in Warsaw; "5h": that long before `now`. In UTC."""
    if " " not in text:
        return now - span(text)
    weeks, weekday, clock = text.split()
    today = now.astimezone(WARSAW).date()
    day = today + timedelta(days=WEEKDAYS.index(weekday) - today.weekday(), weeks=-int(weeks))
    hour, minute = clock.split(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=WARSAW).astimezone(UTC)


def span(text: str) -> timedelta:
    """ "1d2h30m" as a length of time."""
    parts = {UNITS[unit]: int(count) for count, unit in re.findall(r"(\d+)([dhm])", text)}
    return timedelta(**parts)
