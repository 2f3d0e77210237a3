"""Invitations of calendars (RFC 5545, RFC 5546): what, when, where and who."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_babel import format_date
from icalendar import Calendar, Event

from app.locale import when
from app.mail.charset import clean

KIND = "invitation"
LONGEST = 500_000
LONGEST_VALUE = 500
MOST_GUESTS = 50
# Zones are known by their names: rules of a stranger's own, evaluated, may take for ever.
ZONE = re.compile(rb"^BEGIN:VTIMEZONE\b.*?(^END:VTIMEZONE[ \t]*\r?\n|\Z)", re.I | re.M | re.S)


def invitation(content: bytes) -> dict[str, str] | None:
    """The first event of a calendar part, its times as ISO 8601; None where there is none that can be read."""
    try:
        calendar = Calendar.from_ical(ZONE.sub(b"", content[:LONGEST]))
        event = next(iter(calendar.walk("VEVENT")), None)
        return _told(event, str(calendar.get("METHOD") or "")) if isinstance(event, Event) else None
    except Exception:  # Strangers write calendars, and icalendar raises many kinds of errors.
        return None


def _told(event: Event, method: str) -> dict[str, str]:
    cancelled = method.upper() == "CANCEL" or str(event.get("STATUS") or "").upper() == "CANCELLED"
    guests = event.get("ATTENDEE") or []
    told = {
        "kind": KIND,
        "what": _words(event.get("SUMMARY")),
        "begins": _instant(event, "DTSTART"),
        "ends": _instant(event, "DTEND", last_day=True),
        "where": _words(event.get("LOCATION")),
        "organiser": _person(event.get("ORGANIZER")),
        "guests": ", ".join(
            _person(guest) for guest in (guests if isinstance(guests, list) else [guests])[:MOST_GUESTS]
        ),
        "repeats": "yes" if event.get("RRULE") else "",
        "cancelled": "yes" if cancelled else "",
        "notes": clean(str(event.get("DESCRIPTION") or ""))[:5_000].strip(),
    }
    lines = (told[name] for name in ("what", "begins", "ends", "where", "organiser", "guests", "notes"))
    return told | {"text": "\n".join(line for line in lines if line)}


def _instant(event: Event, name: str, *, last_day: bool = False) -> str:
    """A day stays a day, and so does a moment without a zone that is known. Whole days end before DTEND."""
    value: Any = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if not isinstance(value, date):
        return ""
    return (value - timedelta(days=1) if last_day else value).isoformat()


def spelled(value: str) -> str:
    """A time of an invitation as its reader writes it, in his zone; one without a zone and a day as they stand."""
    if "T" not in value:
        return str(format_date(date.fromisoformat(value), "full")) if value else ""
    found = datetime.fromisoformat(value)
    return when(found, "minute") if found.tzinfo else when(found.replace(tzinfo=UTC), "short", "UTC")


def _person(value: Any) -> str:
    """A name and an address."""
    if value is None:
        return ""
    address = _words(value).removeprefix("mailto:").removeprefix("MAILTO:")
    name = _words(getattr(value, "params", {}).get("CN"))
    return f"{name} <{address}>" if name and name != address else address


def _words(value: Any) -> str:
    return " ".join(clean(str(value or ""))[:LONGEST_VALUE].split())
