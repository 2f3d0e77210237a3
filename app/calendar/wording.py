"""The lines of an explanation as sentences, in the reader's language."""

from collections.abc import Callable
from datetime import datetime

from babel.dates import format_date
from babel.numbers import format_decimal

from app.calendar.days import Reason
from app.calendar.errors import mark as _
from app.calendar.explain import Line
from app.calendar.model import Calendar
from app.calendar.public_holidays import public_holidays

SENTENCES = {
    Reason.OPEN: _("%(day)s: %(opens)s–%(closes)s, %(minutes)s min"),
    Reason.PAUSED: _("%(day)s: %(opens)s–%(closes)s, paused"),
    Reason.WEEKEND: _("%(day)s: closed, no working hours on this day of the week"),
    Reason.HOLIDAY: _("%(day)s: closed, public holiday: %(name)s"),
    Reason.DAY_OFF: _("%(day)s: closed, day off"),
    Reason.SPECIAL_DAY: _("%(day)s: closed on this date"),
    Reason.OUTSIDE_HOURS: _("%(day)s: outside working hours"),
    Reason.RECEIVED: _("%(day)s: counts as received at %(opens)s"),
}
EXACTLY = _("%(day)s: %(opens)s–%(closes)s, %(time)s")
PAUSED_FOR = {  # by the kind of the state for which a clock stands
    "unconfirmed": _("%(day)s: %(opens)s–%(closes)s, the call was not confirmed"),
    "waiting_customer": _("%(day)s: %(opens)s–%(closes)s, waiting for the customer"),
    "waiting_third_party": _("%(day)s: %(opens)s–%(closes)s, waiting for a third party"),
    "resolved": _("%(day)s: %(opens)s–%(closes)s, resolved"),
    "closed": _("%(day)s: %(opens)s–%(closes)s, closed"),
}
NAMED_DAY_OFF = _("%(day)s: closed, day off: %(name)s")


def line_text(
    calendar: Calendar,
    line: Line,
    *,
    language: str = "en",
    gettext: Callable[[str], str] = lambda sentence: sentence,
    sentence: str | None = None,
    **values: str,
) -> str:
    """One line as a sentence, by default that of its reason. `language` sets dates, numbers and names of holidays,
    `gettext` the words, `values` what the sentence names besides."""
    name = closed_for(calendar, line, language)
    usual = NAMED_DAY_OFF if name and line.reason is Reason.DAY_OFF else SENTENCES[line.reason]
    sentence = sentence or usual
    return gettext(sentence) % {
        "day": format_date(line.date, "EEE d MMM y", locale=language),
        "opens": _time(line, line.opens),
        "closes": _time(line, line.closes),
        "minutes": format_decimal(line.minutes, "#,##0.##", locale=language),
        "name": name,
        **values,
    }


def closed_for(calendar: Calendar, line: Line, language: str = "en") -> str:
    """The name of the holiday or the day off that closes the line's date; empty for anything else."""
    if line.reason is Reason.HOLIDAY and calendar.country:
        return public_holidays(calendar.country, line.date.year, language).get(line.date, "")
    return calendar.days_off.get(line.date, "") if line.reason is Reason.DAY_OFF else ""


def _time(line: Line, moment: datetime | None) -> str:
    """On the clock of the line's date: midnight at its end is 24:00. Seconds only where there are any."""
    if moment is None:
        return ""
    if moment.date() > line.date:
        return "24:00"
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
