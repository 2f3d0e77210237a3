"""An instant as people and programs write it: ISO 8601, local to a zone when it carries no offset."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.calendar.days import out_of_range, to_utc
from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _

_DATE = r"[0-9]{4}(?:-?[0-9]{2}-?[0-9]{2}|-?W[0-9]{2}-?[0-9])"
_OFFSET = r"Z|[+-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?"
_INSTANT = re.compile(rf"(?P<date>{_DATE})[T ](?P<time>[0-9][0-9:.,]*)(?P<offset>{_OFFSET})?")
_MIDNIGHT_AT_THE_END = re.compile(r"24(:?00(:?00([.,]0+)?)?)?")


def parse_instant(text: str, zone: ZoneInfo) -> datetime:
    """The instant in UTC. Local without an offset: an hour that occurs twice is the first, a missing one is refused."""
    match = _INSTANT.fullmatch(text.strip().upper())
    if match is None:
        raise _not_an_instant(text)
    read = _read(text, match["date"], match["time"], match["offset"] or "")
    return to_utc(read) if read.tzinfo else _on_the_clock_of(zone, read, text)


def parse_minutes(text: str) -> timedelta:
    """A number of minutes, written with a point or a comma."""
    try:
        return timedelta(minutes=float(text.replace(",", ".")))
    except (ValueError, OverflowError) as error:
        sentence = _("“%(text)s” is not a number of minutes; write one like 90 or 7.5.")
        raise CalendarError("not_minutes", sentence, text=text) from error


def _read(text: str, day: str, time: str, offset: str) -> datetime:
    at_the_end = _MIDNIGHT_AT_THE_END.fullmatch(time) is not None  # ISO 8601 lets a day end at 24:00
    try:
        read = datetime.fromisoformat(f"{day}T{'00:00' if at_the_end else time}{offset}")
        return read + timedelta(days=1) if at_the_end else read
    except OverflowError as error:
        raise out_of_range() from error
    except ValueError as error:
        raise _not_an_instant(text) from error


def _on_the_clock_of(zone: ZoneInfo, local: datetime, text: str) -> datetime:
    instant = to_utc(local.replace(tzinfo=zone, fold=0))
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        sentence = _(
            "%(text)s does not exist in %(zone)s: the clock is put forward over it; give a later time or an offset."
        )
        raise CalendarError("nonexistent_instant", sentence, text=text, zone=zone.key)
    return instant


def _not_an_instant(text: str) -> CalendarError:
    sentence = _("“%(text)s” is not an instant; write date and time like 2026-11-16T09:00 or 2026-11-16T09:00+01:00.")
    return CalendarError("not_an_instant", sentence, text=text)
