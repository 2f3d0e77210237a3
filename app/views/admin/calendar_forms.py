"""A calendar as a form: hours, days off and special days as lines that a person can type and copy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from app.calendar.errors import CalendarError
from app.calendar.model import WEEKDAYS, Calendar, Rule
from app.calendar.plain import from_plain
from app.calendar.windows import Window, Windows
from app.views.admin.fields import REQUIRED, clean

LONGEST_LIST = 60_000
RULE_NAMES = {
    Rule.FOLLOWING_DAY: _l("On the business day that follows the date of the report"),
    Rule.SAME_DAY: _l("At the next opening, be it the same day's"),
}
WEEKDAY_NAMES = {
    "monday": _l("Monday"),
    "tuesday": _l("Tuesday"),
    "wednesday": _l("Wednesday"),
    "thursday": _l("Thursday"),
    "friday": _l("Friday"),
    "saturday": _l("Saturday"),
    "sunday": _l("Sunday"),
}
CLOSED = "-"
HOURS_HINT = _l("For example 09:00-17:00, or 08:00-12:00, 13:00-18:00. Empty: closed.")


def _day_field(weekday: str) -> StringField:
    return StringField(WEEKDAY_NAMES[weekday], filters=[clean], validators=[Length(max=200)])


class CalendarForm(FlaskForm):
    """The hours of a desk."""

    name = StringField(_l("Name"), filters=[clean], validators=[REQUIRED, Length(max=80)])
    zone = StringField(_l("Time zone"), filters=[clean], validators=[REQUIRED, Length(max=64)], default="Europe/Warsaw")
    country = StringField(_l("Public holidays of"), filters=[clean], validators=[Length(max=10)], default="PL")
    rule = SelectField(_l("What arrives outside working hours counts as received"), choices=list(RULE_NAMES.items()))
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = map(_day_field, WEEKDAYS)
    special_days = TextAreaField(_l("Special days"), validators=[Length(max=LONGEST_LIST)])
    days_off = TextAreaField(_l("Days off"), validators=[Length(max=LONGEST_LIST)])

    @classmethod
    def of(cls, calendar: Calendar, **more: Any) -> CalendarForm:
        """The form as the calendar fills it in; what was posted wins, unless `formdata` is None."""
        special = [f"{day} {_hours(windows) or CLOSED}" for day, windows in sorted(calendar.special_days.items())]
        return cls(
            data={
                "name": calendar.name,
                "zone": calendar.zone,
                "country": calendar.country or "",
                "rule": calendar.rule.value,
                **{weekday: _hours(windows) for weekday, windows in calendar.week.items()},
                "special_days": "\n".join(special),
                "days_off": "\n".join(f"{day} {name}".strip() for day, name in sorted(calendar.days_off.items())),
            },
            **more,
        )

    def calendar(self) -> Calendar:
        """What was typed. Raises CalendarError, whose sentence names the line."""
        plain: dict[str, Any] = {
            "name": self.name.data,
            "zone": self.zone.data,
            "country": (self.country.data or "").upper() or None,
            "rule": self.rule.data,
            "week": {weekday: _split(self[weekday].data) for weekday in WEEKDAYS},
            "special_days": {day: _special(hours) for day, hours in _lines(self.special_days.data)},
            "days_off": dict(_lines(self.days_off.data)),
        }
        return from_plain(plain)


class ImportForm(FlaskForm):
    """An iCalendar file to take days from."""

    file = FileField(_l("iCalendar file (.ics)"))


def complaint(error: CalendarError) -> str:
    """The sentence of a calendar's error in the reader's language."""
    return error.translated(_)


def _hours(windows: Windows) -> str:
    return ", ".join(map(str, windows))


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").replace(";", ",").split(",") if part.strip()]


def _special(hours: str) -> list[str]:
    return [] if hours in ("", CLOSED, "–") else _split(hours)


def _lines(text: str | None) -> list[tuple[str, str]]:
    """(day, rest) of every line that is not empty."""
    kept = [" ".join(str(clean(line)).split()) for line in (text or "").splitlines()]
    return [(day, rest) for day, _space, rest in (line.partition(" ") for line in kept if line)]


def merged(calendar: Calendar, days_off: dict[date, str], special_days: dict[date, tuple[Window, ...]]) -> Calendar:
    """The calendar with these days as well; a day that a file names anew wins over the one that stood there."""
    return replace(
        calendar,
        days_off={**calendar.days_off, **days_off},
        special_days={**calendar.special_days, **special_days},
    )
