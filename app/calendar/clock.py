"""Business time: open or not, the next opening, when a report counts as received, sums and differences.

Instants are aware datetimes in any zone. Answers are in UTC.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from app.calendar.days import Day, Opening, to_utc
from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _
from app.calendar.model import Calendar, Rule

MAX_CLOSED_DAYS = 3_660  # a calendar that stays closed for ten years never opens
MAX_DAYS = 36_525  # a hundred years are as far as anything here counts
LAST_DAY = date.max.toordinal()
NOTHING = timedelta(0)

Pause = tuple[datetime, datetime]  # the clock stands from the first up to the second instant


def is_open(calendar: Calendar, instant: datetime) -> bool:
    """Whether the desk works at that instant; a closing time itself is closed (S7)."""
    at = to_utc(instant)
    return any(opens <= at < closes for opens, closes in calendar.days.on(at).openings)


def next_opening(calendar: Calendar, instant: datetime) -> datetime | None:
    """When the desk opens its doors next, strictly after `instant`; None for one that never closes."""
    at = to_utc(instant)
    closed_at = None
    for opens, closes in openings(calendar, at):
        if opens > at and opens != closed_at:
            return opens
        closed_at = closes
        if closes - at > timedelta(days=MAX_CLOSED_DAYS):
            break
    return None


def next_open_moment(calendar: Calendar, instant: datetime) -> datetime:
    """`instant` itself when the desk is open, else the next opening."""
    at = to_utc(instant)
    return max(at, next(openings(calendar, at)).opens)


def counts_as_received(calendar: Calendar, instant: datetime) -> datetime:
    """S9: within hours at once, else by the calendar's rule (see `Rule`)."""
    at = to_utc(instant)
    if is_open(calendar, at):
        return at
    if calendar.rule is Rule.SAME_DAY:
        return next_open_moment(calendar, at)
    return business_day_after(calendar, calendar.days.on(at).date).openings[0].opens


def add_business_time(
    calendar: Calendar, instant: datetime, amount: timedelta, pauses: Iterable[Pause] = ()
) -> datetime:
    """When `amount` of working time after `instant` is used up; exactly at a closing means that closing.

    Nothing added gives `instant` itself. Time within `pauses` does not count.
    """
    at = to_utc(instant)
    if amount <= NOTHING:
        return _nothing_added(at, amount)
    for opens, closes in worked_stretches(calendar, at, merged(pauses)):
        if amount <= closes - opens:
            return opens + amount
        amount -= closes - opens
    raise AssertionError("openings() ends by an error only")


def business_time_between(
    calendar: Calendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()
) -> timedelta:
    """Working time from `start` to `end` outside `pauses`; nothing when `end` is not after `start`."""
    at, until = to_utc(start), to_utc(end)
    check_span(at, until)
    total = NOTHING
    breaks = merged(pauses)
    for day in days_between(calendar, at, until):
        for opening in day.openings:
            for opens, closes in without(breaks, max(opening.opens, at), min(opening.closes, until)):
                total += closes - opens
    return total


def business_day_after(calendar: Calendar, day: date) -> Day:
    """The nearest business day following the date."""
    ordinal = day.toordinal()
    for later in range(ordinal + 1, min(ordinal + MAX_CLOSED_DAYS, LAST_DAY) + 1):
        found = calendar.days[later]
        if found.openings:
            return found
    raise never_opens(calendar)


def openings(calendar: Calendar, at: datetime) -> Iterator[Opening]:
    """The openings that close after `at` (UTC), in order; an error ends them, never a silent stop."""
    days = calendar.days
    first = latest = days.on(at).date.toordinal()
    for ordinal in range(first, min(first + MAX_DAYS, LAST_DAY) + 1):
        for opening in days[ordinal].openings:
            if opening.closes > at:
                latest = ordinal
                yield opening
        if ordinal - latest >= MAX_CLOSED_DAYS:
            raise never_opens(calendar)
    raise too_far()


def worked_stretches(calendar: Calendar, at: datetime, pauses: Sequence[Pause]) -> Iterator[Opening]:
    """The openings after `at`, clipped to it and with the pauses cut out."""
    for opens, closes in openings(calendar, at):
        yield from without(pauses, max(opens, at), closes)


def without(pauses: Sequence[Pause], opens: datetime, closes: datetime) -> Iterator[Opening]:
    """What is left of a stretch when the pauses, in order and apart, are cut out."""
    for paused, resumed in pauses:
        if resumed <= opens:
            continue
        if paused >= closes:
            break
        if paused > opens:
            yield Opening(opens, paused)
        opens = resumed
    if opens < closes:
        yield Opening(opens, closes)


def merged(pauses: Iterable[Pause]) -> Sequence[Pause]:
    """The pauses in UTC, in order, overlapping ones made one; an empty or backward pause is none."""
    result: list[Pause] = []
    for paused, resumed in sorted((to_utc(paused), to_utc(resumed)) for paused, resumed in pauses):
        if result and paused <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], resumed))
        elif paused < resumed:
            result.append((paused, resumed))
    return result


def days_between(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Day]:
    """Every day touched from `start` to `end`, both in UTC; none when `end` is earlier."""
    if start <= end:
        days = calendar.days
        for ordinal in range(days.on(start).date.toordinal(), days.on(end).date.toordinal() + 1):
            yield days[ordinal]


def check_span(start: datetime, end: datetime) -> None:
    """Refuse a span that would take too long to count."""
    if end - start > timedelta(days=MAX_DAYS):
        raise too_far()


def never_opens(calendar: Calendar) -> CalendarError:
    """The error for a calendar without hours ahead."""
    sentence = _("The calendar %(name)s does not open within ten years; give it working hours.")
    return CalendarError("never_opens", sentence, name=calendar.name)


def too_far() -> CalendarError:
    """The error for a time more than a hundred years away."""
    return CalendarError("too_far", _("That is more than a hundred years away; choose a nearer time."))


def _nothing_added(at: datetime, amount: timedelta) -> datetime:
    if amount < NOTHING:
        raise CalendarError("negative_time", _("Working time can only be added; give zero or more minutes."))
    return at
