"""The two clocks of a ticket: when something arrived and when it counts as received (S9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.calendar import clock
from app.calendar.explain import Line, explain_received
from app.calendar.model import Calendar
from app.calendar.plain import from_plain
from app.desk.calendars import calendar_at
from app.models.organisation import Organisation
from app.models.product_group import CalendarRecord, ProductGroup
from app.models.ticket import Ticket

_read: dict[int, tuple[dict[str, Any], Calendar]] = {}


def calendar_of(record: CalendarRecord) -> Calendar:
    """The calendar that the row describes, read once for each version of it."""
    definition, calendar = _read.get(record.id, (None, None))
    if calendar is None or definition != record.definition:
        calendar = from_plain(record.definition)
        _read[record.id] = (record.definition, calendar)
    return calendar


def record_for(product_group: ProductGroup, organisation: Organisation | None) -> CalendarRecord:
    """Whose hours count: the organisation's own calendar where it has one, else the product group's."""
    return (organisation.calendar if organisation else None) or product_group.calendar


def counts_as_received(record: CalendarRecord, arrived_at: datetime) -> datetime:
    """When something that arrived at that instant counts as received (S9), in UTC."""
    return clock.counts_as_received(calendar_of(record), arrived_at)


def in_force(ticket: Ticket) -> Calendar | None:
    """The calendar in the version by which the ticket was received; None where that was never kept."""
    if ticket.calendar_id is None:
        return None
    return calendar_at(ticket.calendar_id, ticket.calendar_version)


def why_received(ticket: Ticket, calendar: Calendar) -> list[Line]:
    """How the ticket's second clock comes about, day by day, by the calendar that was in force."""
    return explain_received(calendar, ticket.arrived_at)
