"""Whole business days: dates on which the desk opens at all, half-days included. Answers are in UTC."""

from datetime import date, datetime

from app.calendar.clock import MAX_DAYS, business_day_after, counts_as_received
from app.calendar.days import Day
from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _
from app.calendar.model import Calendar


def add_business_days(calendar: Calendar, day: date, count: int) -> date:
    """The `count`-th business day following the date; 0 is the date itself."""
    if not 0 <= count <= MAX_DAYS:
        raise CalendarError("day_count", _("Give a number of business days from 0 to %(most)s."), most=MAX_DAYS)
    for _step in range(count):
        day = business_day_after(calendar, day).date
    return day


def end_of_business_day(calendar: Calendar, day: date) -> datetime:
    """When the desk closes on that date for the last time; refused when it is closed all day."""
    found = calendar.days[day.toordinal()]
    if not found.openings:
        sentence = _("%(day)s is not a business day of the calendar %(name)s.")
        raise CalendarError("not_a_business_day", sentence, day=day.isoformat(), name=calendar.name)
    return found.openings[-1].closes


def closing_after(calendar: Calendar, instant: datetime, count: int) -> datetime:
    """The closing of the `count`-th (1 or more) business day after the day on which `instant` counts as received."""
    if count < 1:
        raise CalendarError("day_count", _("Give a number of business days from 1 to %(most)s."), most=MAX_DAYS)
    received = calendar.days.on(counts_as_received(calendar, instant)).date
    return end_of_business_day(calendar, add_business_days(calendar, received, count))


def confirmation_deadline(calendar: Calendar, called_at: datetime, business_days: int = 1) -> datetime:
    """S6: until when a call must be confirmed. A call on Friday 16:50 has until Monday 17:00."""
    return closing_after(calendar, called_at, business_days)


def year_of(calendar: Calendar, year: int) -> list[Day]:
    """Every day of a year with its openings or the reason for none: the preview of a calendar."""
    first = date(year, 1, 1).toordinal()
    return [calendar.days[ordinal] for ordinal in range(first, date(year, 12, 31).toordinal() + 1)]
