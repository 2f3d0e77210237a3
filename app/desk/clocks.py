"""The two clocks of a ticket: when something arrived and when it counts as received (S9)."""

from __future__ import annotations

from datetime import datetime

from app.calendar import clock
from app.calendar.model import Calendar
from app.calendar.plain import from_plain
from app.models.product_group import CalendarRecord, ProductGroup

_read: dict[int, tuple[int, Calendar]] = {}


def calendar_of(record: CalendarRecord) -> Calendar:
    """The calendar that the row describes, read once for each version of it."""
    version, calendar = _read.get(record.id, (None, None))
    if version != record.version or calendar is None:
        calendar = from_plain(record.definition)
        _read[record.id] = (record.version, calendar)
    return calendar


def counts_as_received(product_group: ProductGroup, arrived_at: datetime) -> datetime:
    """When something that arrived at that instant counts as received by the product group (S9), in UTC."""
    return clock.counts_as_received(calendar_of(product_group.calendar), arrived_at)
