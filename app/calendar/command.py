"""`run.py clock`: ask the clock of a calendar. One JSON object a line and nothing else on standard output."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from app.calendar.clock import add_business_time, business_time_between, counts_as_received, is_open, next_opening
from app.calendar.days import to_local
from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _
from app.calendar.explain import MINUTE, Line, explain, explain_received
from app.calendar.instants import parse_instant, parse_minutes
from app.calendar.model import Calendar
from app.calendar.plain import rule_named
from app.calendar.preset import CWT
from app.calendar.wording import line_text

USAGE = """usage: run.py clock INSTANT... [--calendar NAME] [--rule following_day|same_day]
                              [--add MINUTES] [--until INSTANT]

Prints one JSON object a line for each INSTANT (ISO 8601; local to the calendar without an offset).
  --calendar NAME   the calendar to ask, CWT by default
  --rule RULE       count by this rule instead of the calendar's own
  --add MINUTES     also say when MINUTES of working time after counts_as_received are used up: due
  --until INSTANT   also count the working minutes from counts_as_received until then: minutes
Of an option that is given twice the last counts."""
OPTIONS = ("--calendar", "--rule", "--add", "--until")

Load = Callable[[str], Calendar | None]


class UsageError(Exception):
    """The command line itself cannot be understood."""


@dataclass(frozen=True)
class Question:
    """What the command line asks, as written."""

    instants: list[str]
    options: dict[str, str] = field(default_factory=dict)


def main(argv: Sequence[str], load: Load | None = None) -> int:
    """Answer every instant in order; `load` finds stored calendars by name. Ends with 2 when nothing can be asked."""
    if {"-h", "--help"} & set(argv):
        print(USAGE, file=sys.stderr)
        return 0
    try:
        question = read_question(argv)
    except UsageError as error:
        print(f"{error}\n{USAGE}", file=sys.stderr)
        return 2
    for answer in answers(question, load):
        print(json.dumps(answer), flush=True)
    return 0


def read_question(argv: Sequence[str]) -> Question:
    """Options may stand anywhere; whatever does not begin with -- is an instant, right or wrong."""
    question = Question([])
    words = iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if not word.startswith("--"):
            question.instants.append(word)
        elif name not in OPTIONS:
            raise UsageError(f"unknown option: {name}")
        else:
            question.options[name] = value if equals else _value_of(name, words)
    if not question.instants:
        raise UsageError("give at least one INSTANT")
    return question


def answers(question: Question, load: Load | None = None) -> Iterator[dict[str, Any]]:
    """One answer for each instant; a mistake in an instant, or in the options, is said in its place."""
    for text in question.instants:
        try:
            yield _answer(text, question.options, load)
        except CalendarError as error:
            yield {"error": str(error), "code": error.code, "input": text}


def ask(
    calendar: Calendar, arrived: datetime, amount: timedelta | None = None, until: datetime | None = None
) -> dict[str, Any]:
    """Everything the clock says about an arrival, as plain values; instants are on the calendar's clock."""
    received = counts_as_received(calendar, arrived)
    answer: dict[str, Any] = {
        "calendar": calendar.name,
        "arrived": _text(calendar, arrived),
        "open": is_open(calendar, arrived),
        "counts_as_received": _text(calendar, received),
        "next_opening": _text(calendar, next_opening(calendar, arrived)),
    }
    lines = _plain_lines(calendar, "counts_as_received", explain_received(calendar, arrived))
    if amount is not None:
        due = add_business_time(calendar, received, amount)
        answer["due"] = _text(calendar, due)
        lines += _plain_lines(calendar, "due", explain(calendar, received, due))
    if until is not None:
        answer["minutes"] = business_time_between(calendar, received, until) / MINUTE
        lines += _plain_lines(calendar, "minutes", explain(calendar, received, until))
    return {**answer, "lines": lines}


def _answer(text: str, options: dict[str, str], load: Load | None) -> dict[str, Any]:
    calendar = _calendar(options.get("--calendar", CWT.name), load)
    if "--rule" in options:
        calendar = replace(calendar, rule=rule_named(options["--rule"]))
    arrived = parse_instant(text, calendar.tz)
    amount = parse_minutes(options["--add"]) if "--add" in options else None
    until = parse_instant(options["--until"], calendar.tz) if "--until" in options else None
    return ask(calendar, arrived, amount, until)


def _calendar(name: str, load: Load | None) -> Calendar:
    found = load(name) if load else None
    if found is None and name == CWT.name:
        found = CWT
    if found is None:
        raise CalendarError("unknown_calendar", _("There is no calendar named “%(name)s”."), name=name)
    return found


def _value_of(name: str, words: Iterator[str]) -> str:
    value = next(words, None)
    if value is None or value.startswith("--"):
        raise UsageError(f"{name} needs a value")
    return value


def _text(calendar: Calendar, instant: datetime | None) -> str | None:
    return None if instant is None else to_local(instant, calendar.tz).isoformat()


def _plain_lines(calendar: Calendar, figure: str, lines: list[Line]) -> list[dict[str, Any]]:
    return [
        {
            "figure": figure,
            "date": line.date.isoformat(),
            "from": _text(calendar, line.opens),
            "to": _text(calendar, line.closes),
            "minutes": line.minutes,
            "reason": line.reason.value,
            "text": line_text(calendar, line),
        }
        for line in lines
    ]
