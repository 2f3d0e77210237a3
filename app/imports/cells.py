"""What a cell of a file says, as the JSON value that its field reads: keys or labels, days and numbers as people write
them in both languages, and what our own exports write."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from babel.dates import get_month_names

from app.fields import Definition, Kind, from_form
from app.fields.kinds import CHOOSING
from app.fields.text import BENEATH, path_of
from app.locale import LANGUAGES

TRUE, FALSE = frozenset({"tak", "yes", "true", "1", "prawda"}), frozenset({"nie", "no", "false", "0", "fałsz"})
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S")
COUNTED = re.compile(r"[0-9]{5}(\.[0-9]+)?")
TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\s*([AP]M))?", re.IGNORECASE)
NAMED = (
    re.compile(r"(?P<day>[0-9]{1,2})\s+(?P<month>[^\W\d]+\.?)\s+(?P<year>[0-9]{4})"),
    re.compile(r"(?P<month>[^\W\d]+\.?)\s+(?P<day>[0-9]{1,2}),?\s+(?P<year>[0-9]{4})"),
)
MONTHS = {
    name.casefold().rstrip("."): number
    for code in LANGUAGES
    for width in ("abbreviated", "wide")
    for number, name in get_month_names(width, locale=code).items()
}
CURRENCY = re.compile(r"\s*(zł|pln|eur|usd|gbp|chf|czk|€|\$|£)\s*", re.IGNORECASE)


def value_of(definition: Definition, text: str, *, zone: str) -> Any:
    """Raises Unfit where `from_form` does; what cannot be understood is left for `clean` to refuse."""
    if definition.kind == Kind.CHOICES:
        return [_key(definition, part) for part in re.split(r"[;,\n]", text) if part.strip()]
    if definition.kind in CHOOSING:
        return _key(definition, text)
    if definition.kind == Kind.YES_NO:
        word = text.strip().lower()
        return True if word in TRUE else False if word in FALSE else text
    if definition.kind == Kind.DATE:
        return _day(text)
    if definition.kind == Kind.DATETIME:
        return from_form(definition, [_moment(text)], zone=zone)
    if definition.kind == Kind.MONEY:
        return from_form(definition, [_number(CURRENCY.sub("", text))], zone=zone)
    if definition.kind == Kind.NUMBER:
        return from_form(definition, [_number(text)], zone=zone)
    return from_form(definition, [text], zone=zone)


def _key(definition: Definition, text: str) -> str:
    """The key, or that of the label in any language, of a tree also with those above it."""
    wanted = _bare(text)
    for option in definition.options:
        if option.key == text.strip():
            return option.key
    for option in definition.options:
        labels = {*option.labels.values(), *(path_of(definition, option.key, code) for code in option.labels)}
        if wanted in map(_bare, labels):
            return option.key
    return text.strip()


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace(BENEATH.strip(), ">")).strip().casefold()


def _number(text: str) -> str:
    """Where both marks stand, the last is the decimal one; any other number is read as forms read it."""
    if "," in text and "." in text:
        groups = "," if text.rfind(".") > text.rfind(",") else "."
        return text.replace(groups, "")
    return text


def _day(text: str) -> str:
    """Spreadsheets keep days as numbers; people write months with words, too."""
    if COUNTED.fullmatch(text) and "." not in text:
        return _counted(text).date().isoformat()
    named = _named_day(text)
    if named is not None and named[1].strip(" ,") in ("", "00:00", "00:00:00"):
        return named[0]
    for form in DAYS:
        try:
            return datetime.strptime(text.strip(), form).date().isoformat()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    return text.strip()


def _counted(text: str) -> datetime:
    """A day and a time of it as spreadsheets keep them: days since the end of 1899."""
    return datetime(1899, 12, 30) + timedelta(seconds=round(float(text) * 86_400))  # noqa: DTZ001 a sheet has no zone


def _moment(text: str) -> str:
    if COUNTED.fullmatch(text):
        return _counted(text).isoformat()
    day, rest = _named_day(text) or (text.strip()[:10], text.strip()[10:])
    found = TIME.fullmatch(rest.strip(" ,T"))
    if not found:
        return text.strip()
    hour, minute, second = int(found[1]), found[2], found[3] or "00"
    if found[4]:
        hour = hour % 12 + (12 if found[4].upper() == "PM" else 0)
    return f"{_day(day)}T{hour:02}:{minute}:{second}"


def _named_day(text: str) -> tuple[str, str] | None:
    """The day of `30 lis 2026` or `Nov 30, 2026`, and what stands behind it."""
    for pattern in NAMED:
        found = pattern.match(text.strip())
        month = MONTHS.get(found["month"].casefold().rstrip(".")) if found else None
        if found and month:
            return f"{found['year']}-{month:02}-{int(found['day']):02}", text.strip()[found.end() :]
    return None
