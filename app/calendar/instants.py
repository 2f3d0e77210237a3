"""An instant as people and programs write it: ISO 8601, local to a zone when it carries no offset."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.calendar.clock import too_far
from app.calendar.days import out_of_range, to_utc
from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _

_DATE = r"[0-9]{4}(?:-?[0-9]{2}-?[0-9]{2}|-?W[0-9]{2}-?[0-9]|-?(?P<ordinal>[0-9]{3}))"
_TIME = r"(?P<time>[0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?)(?:[.,](?P<part>[0-9]{1,40}))?"
_OFFSET = r"Z|[+-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?"
_INSTANT = re.compile(rf"(?P<date>{_DATE})[T ]{_TIME}(?P<offset>{_OFFSET})?")
_MINUTES = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_ISO_MINUS = "\u2212"  # which ISO 8601 prefers to the hyphen
_MICROSECOND = timedelta(microseconds=1)
_UNITS = {2: timedelta(hours=1), 4: timedelta(minutes=1), 6: timedelta(seconds=1)}  # by the digits of the time


def parse_instant(text: str, zone: ZoneInfo) -> datetime:
    """The instant in UTC. Local without an offset: an hour that occurs twice is the first, a missing one is refused.

    A fraction is of the smallest unit that is written (T09.5 is half past nine), as ISO 8601 has it.
    """
    match = _INSTANT.fullmatch(text.strip().upper().replace(_ISO_MINUS, "-"))
    if match is None:
        raise _not_an_instant(text)
    try:
        read = _read(match)
    except OverflowError as error:
        raise out_of_range() from error
    except ValueError as error:
        raise _not_an_instant(text) from error
    return to_utc(read) if read.tzinfo else _on_the_clock_of(zone, read, text)


def parse_minutes(text: str) -> timedelta:
    """A number of minutes, written with a point or a comma."""
    if _MINUTES.fullmatch(text.strip()) is None:
        sentence = _("“%(text)s” is not a number of minutes; write one like 90 or 7.5.")
        raise CalendarError("not_minutes", sentence, text=text)
    try:
        return timedelta(minutes=float(text.replace(",", ".")))
    except OverflowError as error:
        raise too_far() from error


def _read(match: re.Match[str]) -> datetime:
    """As `datetime.fromisoformat`, and what of ISO 8601 it lacks. Raises ValueError, OverflowError."""
    time, part = match["time"], int(match["part"] or 0)
    at_the_end = re.fullmatch("24(:?00)*", time) is not None  # ISO 8601 lets a day end at 24:00
    if at_the_end and part:
        raise ValueError("24:00 is the end of the day")
    read = datetime.fromisoformat(f"{_day(match)}T{'00:00' if at_the_end else time}{match['offset'] or ''}")
    unit = _UNITS[len(time.replace(":", ""))] // _MICROSECOND
    return read + timedelta(days=at_the_end, microseconds=unit * part // 10 ** len(match["part"] or ""))


def _day(match: re.Match[str]) -> str:
    """The date, by month or by week; one by the number of the day in its year (2026-320) is put so."""
    if match["ordinal"] is None:
        return match["date"]
    first = date(int(match["date"][:4]), 1, 1)
    found = first + timedelta(days=int(match["ordinal"]) - 1)
    if found.year != first.year:
        raise ValueError("the year has no such day")
    return found.isoformat()


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
