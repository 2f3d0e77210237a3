"""Days off and exceptional hours as iCalendar (RFC 5545): whole days are free, timed events marked OPENING open."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile

from dateutil.rrule import rrulestr
from icalendar import Calendar as ICalendar
from icalendar import Event

from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _
from app.calendar.model import Calendar
from app.calendar.public_holidays import public_holidays
from app.calendar.windows import MINUTES_A_DAY, Window, Windows, check_windows

OPENING = "OPENING"  # the category of an exceptional opening; other timed events say nothing about hours
MOST_DAYS = 2_000
ONE_DAY = timedelta(days=1)


@dataclass
class Found:
    """What a file says: days off by name, exceptional hours, and how many events said neither."""

    days_off: dict[date, str] = field(default_factory=dict)
    special_days: dict[date, Windows] = field(default_factory=dict)
    ignored: int = 0


def read_ical(content: bytes, calendar: Calendar, until: int) -> Found:
    """What the file says up to the end of the year `until`, in the calendar's zone; repeated days are counted out.

    Raises CalendarError for what is no iCalendar or says more than MOST_DAYS days.
    """
    found = Found()
    for event in _events(content):
        begin, end = _bounds(event)
        if begin is None or end is None:
            found.ignored += 1
        elif not isinstance(begin, datetime):
            _add_days_off(found, event, begin, end, until)
        elif OPENING in _categories(event) and isinstance(end, datetime):
            _add_opening(found, calendar, begin, end)
        else:
            found.ignored += 1
        if len(found.days_off) + len(found.special_days) > MOST_DAYS:
            raise CalendarError("too_many_days", _("The file holds more than %(most)s days; cut it."), most=MOST_DAYS)
    return found


def write_ical(calendar: Calendar, years: Iterable[int], language: str = "en") -> bytes:
    """The public holidays, days off and special days of these years, for other calendars to read."""
    written = ICalendar()
    written.add("prodid", "-//Bilety//Calendar//EN")
    written.add("version", "2.0")
    written.add("x-wr-calname", calendar.name)
    written.add("x-wr-timezone", calendar.zone)
    for year in years:
        for event in _written_events(calendar, year, language):
            written.add_component(event)
    return bytes(written.to_ical())


def _written_events(calendar: Calendar, year: int, language: str) -> Iterator[Event]:
    free: Mapping[date, str] = public_holidays(calendar.country, year, language) if calendar.country else {}
    named = {**free, **{day: name for day, name in calendar.days_off.items() if day.year == year}}
    for day in sorted(named.keys() - calendar.special_days.keys()):
        yield _event(calendar, day, day + ONE_DAY, named[day])
    for day, windows in sorted(calendar.special_days.items()):
        if day.year == year:
            yield from _special(calendar, day, windows, named.get(day, ""))


def _special(calendar: Calendar, day: date, windows: Windows, name: str) -> Iterator[Event]:
    if not windows:
        yield _event(calendar, day, day + ONE_DAY, name)
    for window in windows:
        midnight = datetime(day.year, day.month, day.day, tzinfo=calendar.tz)
        begin = midnight + timedelta(minutes=window.opens)
        event = _event(calendar, begin, midnight + timedelta(minutes=window.closes), name)
        event.add("categories", [OPENING])
        yield event


def _event(calendar: Calendar, begin: date, end: date, name: str) -> Event:
    event = Event()
    event.add("uid", f"{begin.isoformat()}-{calendar.name.encode().hex()}@bilety")
    event.add("dtstamp", datetime(2000, 1, 1, tzinfo=calendar.tz))  # the same days give the same bytes
    event.add("dtstart", begin)
    event.add("dtend", end)
    event.add("summary", name or calendar.name)
    event.add("transp", "TRANSPARENT")
    return event


def _events(content: bytes) -> list[Event]:
    try:
        read = ICalendar.from_ical(content)
        return [part for part in read.walk("VEVENT") if isinstance(part, Event)]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        sentence = _("This is not an iCalendar file; choose one that ends in .ics.")
        raise CalendarError("not_ical", sentence) from error


def _bounds(event: Event) -> tuple[date | None, date | None]:
    """Where it begins, and the first day or instant after it; a day alone lasts one day (RFC 5545 section 3.6.1)."""
    try:
        begin = event.decoded("dtstart", None)
        end = event.decoded("dtend", None)
        duration = event.decoded("duration", None)
    except (ValueError, TypeError, AttributeError):
        return None, None
    if not isinstance(begin, date):
        return None, None
    if end is None and isinstance(duration, timedelta):
        end = begin + duration
    if end is None:
        end = begin if isinstance(begin, datetime) else begin + ONE_DAY
    if isinstance(end, datetime) is not isinstance(begin, datetime) or _is_naive(begin) != _is_naive(end):
        return None, None
    return begin, max(begin, end)


def _is_naive(moment: date) -> bool:
    return isinstance(moment, datetime) and moment.tzinfo is None


def _add_days_off(found: Found, event: Event, begin: date, end: date, until: int) -> None:
    name = " ".join(str(event.get("summary", "")).split())[:120]
    length = min((end - begin).days, 366) or 1
    for first in _first_days(event, begin, until):
        for step in range(length):
            day = first + ONE_DAY * step
            if day.year <= until and len(found.days_off) <= MOST_DAYS:
                found.days_off[day] = name


def _first_days(event: Event, begin: date, until: int) -> Iterator[date]:
    """The days on which it begins, its rule counted out and its exceptions left out."""
    rule = event.get("rrule")
    if rule is None:
        yield begin
        return
    start = datetime(begin.year, begin.month, begin.day)  # noqa: DTZ001 whole days carry no zone
    try:
        repeated = rrulestr(_without_zone(rule.to_ical().decode()), dtstart=start)
    except (ValueError, TypeError, AttributeError):
        yield begin
        return
    left_out = _left_out(event)
    for count, moment in enumerate(takewhile(lambda moment: moment.year <= until, repeated)):
        if count > MOST_DAYS:
            return
        if moment.date() not in left_out:
            yield moment.date()


def _without_zone(rule: str) -> str:
    """UNTIL of a whole-day event is a day, whatever a program wrote there."""
    parts = [part[:14] if part.upper().startswith("UNTIL=") else part for part in rule.split(";")]
    return ";".join(parts)


def _left_out(event: Event) -> frozenset[date]:
    given = event.get("exdate", [])
    lists = given if isinstance(given, list) else [given]
    moments = [entry.dt for each in lists for entry in getattr(each, "dts", ())]
    return frozenset(moment.date() if isinstance(moment, datetime) else moment for moment in moments)


def _categories(event: Event) -> frozenset[str]:
    given = event.get("categories")
    names = getattr(given, "cats", given if isinstance(given, list) else [given])
    return frozenset(str(name).upper() for name in names or ())


def _add_opening(found: Found, calendar: Calendar, begin: datetime, end: datetime) -> None:
    """One window of a special day; what leaves its day is cut at midnight."""
    begin, end = (moment if moment.tzinfo else moment.replace(tzinfo=calendar.tz) for moment in (begin, end))
    local, last = begin.astimezone(calendar.tz), end.astimezone(calendar.tz)
    day = local.date()
    closes = last.hour * 60 + last.minute if last.date() == day else MINUTES_A_DAY
    window = Window(local.hour * 60 + local.minute, closes)
    found.special_days[day] = check_windows((*found.special_days.get(day, ()), window), day.isoformat())
