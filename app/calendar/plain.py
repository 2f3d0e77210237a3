"""A calendar as plain JSON, and back with every mistake named."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _
from app.calendar.model import Calendar, Rule, check_weekday
from app.calendar.windows import Window, Windows

KEYS = ("name", "zone", "week", "country", "days_off", "special_days", "rule", "version")


def to_plain(calendar: Calendar) -> dict[str, Any]:
    """Lists, strings and numbers only; `from_plain` reads it back."""
    return {
        "name": calendar.name,
        "zone": calendar.zone,
        "week": {weekday: _texts(windows) for weekday, windows in calendar.week.items()},
        "country": calendar.country,
        "days_off": {day.isoformat(): name for day, name in sorted(calendar.days_off.items())},
        "special_days": {day.isoformat(): _texts(windows) for day, windows in sorted(calendar.special_days.items())},
        "rule": calendar.rule.value,
        "version": calendar.version,
    }


def from_plain(plain: object) -> Calendar:
    """The calendar that `plain` describes; name, zone and week are required."""
    given = _mapping(plain, "calendar")
    unknown = sorted(set(given) - set(KEYS))
    if unknown:
        sentence = _("A calendar has no “%(key)s”; it has %(keys)s.")
        raise CalendarError("unknown_key", sentence, key=unknown[0], keys=", ".join(KEYS))
    calendar = Calendar(
        name=_text(given.get("name"), "name"),
        zone=_text(given.get("zone"), "zone"),
        week=_week(given.get("week")),
        country=_text(given["country"], "country") if given.get("country") else None,
        days_off={_day(day): _name(name) for day, name in _mapping(given.get("days_off", {}), "days_off").items()},
        special_days=_special_days(given.get("special_days", {})),
        rule=rule_named(given.get("rule", Rule.FOLLOWING_DAY)),
        version=_version(given.get("version", 1)),
    )
    if not calendar.has_hours:
        sentence = _("The calendar has no hours; give at least one day a window such as 09:00-17:00.")
        raise CalendarError("no_hours", sentence)
    return calendar


def rule_named(name: object) -> Rule:
    """The rule of S9 by its name."""
    try:
        return Rule(name)  # type: ignore[arg-type]  # whatever else was given is answered by the error
    except ValueError as error:
        sentence = _("“%(rule)s” is not a rule; use following_day or same_day.")
        raise CalendarError("unknown_rule", sentence, rule=name) from error


def _week(value: object) -> Mapping[str, Windows]:
    week = _mapping(value, "week")
    for weekday in week:
        check_weekday(weekday)
    return {weekday: _windows(windows, weekday) for weekday, windows in week.items()}


def _special_days(value: object) -> Mapping[date, Windows]:
    return {_day(day): _windows(windows, day) for day, windows in _mapping(value, "special_days").items()}


def _windows(value: object, where: str) -> Windows:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        sentence = _("%(where)s: give a list of windows such as 09:00-17:00; an empty list means closed.")
        raise CalendarError("windows_format", sentence, where=where)
    return tuple(Window.parse(text, where) for text in value)


def _texts(windows: Windows) -> list[str]:
    return [str(window) for window in windows]


def _mapping(value: object, key: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        sentence = _("“%(key)s” must be an object of names and values.")
        raise CalendarError("not_an_object", sentence, key=key)
    return value


def _text(value: object, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CalendarError("text_missing", _("“%(key)s” is missing; write a text there."), key=key)
    return value.strip()


def _name(value: object) -> str:
    if not isinstance(value, str):
        raise CalendarError("day_name", _("The name of a day off must be a text; it may be empty."))
    return value.strip()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        sentence = _("“%(text)s” is not a date; write it like 2026-12-31.")
        raise CalendarError("not_a_date", sentence, text=text) from error


def _version(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise CalendarError("version", _("“version” must be a whole number from 1 up."))
    return value
