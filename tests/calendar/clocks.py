"""Warsaw's clock for the tables of these tests, and a slow clock to check the fast one by."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.calendar.model import WEEKDAYS, Calendar
from app.calendar.public_holidays import public_holidays

WARSAW = ZoneInfo("Europe/Warsaw")
MINUTE = timedelta(minutes=1)


def local(text: str) -> datetime:
    """ "2026-11-16 09:00" on the clock of Warsaw, as an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW).astimezone(UTC)


def shown(instant: datetime | None) -> str:
    """The other way round, without seconds that are zero."""
    assert instant is not None
    text = instant.astimezone(WARSAW).replace(tzinfo=None).isoformat(" ")
    return text.removesuffix(":00")


def open_by_the_minute(calendar: Calendar, minute: datetime) -> bool:
    """Whether the desk is open during that whole minute, read from the calendar's data and nothing else.

    A bound holds from the first minute that shows it or a later time, so a repeated hour changes nothing any more.
    """
    here = minute.astimezone(calendar.tz)
    day, past = here.date(), _of_the_day(here)
    if here.fold:
        earlier = ((minute - back * MINUTE).astimezone(calendar.tz) for back in range(1, 121))
        past = max(past, *(_of_the_day(shown) for shown in earlier if shown.date() == day))
    if day in calendar.special_days:
        windows = calendar.special_days[day]
    elif day in calendar.days_off or (calendar.country and day in public_holidays(calendar.country, day.year)):
        windows = ()
    else:
        windows = calendar.week[WEEKDAYS[day.weekday()]]
    return any(window.opens <= past < window.closes for window in windows)


def _of_the_day(here: datetime) -> int:
    return here.hour * 60 + here.minute


def slow_minutes_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Open minutes from `start` to `end`, both on whole minutes, counted one by one."""
    count = 0
    while start < end:
        count += open_by_the_minute(calendar, start)
        start += MINUTE
    return count
