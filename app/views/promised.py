"""What is promised of a ticket, explained line by line in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calendar.days import Reason, to_local
from app.calendar.errors import CalendarError
from app.calendar.explain import Line
from app.calendar.model import Calendar
from app.calendar.wording import EXACTLY, PAUSED_FOR, line_text
from app.desk.levels import lines_of
from app.locale import language, length
from app.mail.level_wording import TERM_NAMES
from app.models.level import Pause, TermKind
from app.models.ticket import Ticket
from app.models.types import utc_now

PROMISED_UNTIL: dict[str, Any] = {
    TermKind.FIRST: _l("First answer promised until"),
    TermKind.NEXT: _l("Answer promised until"),
    TermKind.SOLUTION: _l("Solution promised until"),
}


@dataclass(frozen=True)
class Promised:
    """A term: its name and level, when it is due or was met, and how its working time comes about."""

    name: Any
    level: str
    allowed: str
    due_at: datetime | None
    met_at: datetime | None
    is_open: bool
    is_late: bool
    lines: Sequence[str]
    total: str  # exactly the sum of the lines


def promised(ticket: Ticket) -> list[Promised]:
    """Every promise of the ticket in the order in which they were made."""
    now = utc_now().replace(microsecond=0)
    found = []
    for term in ticket.terms:
        try:
            calendar, lines = lines_of(ticket, term, now)
            total = sum((line.worked for line in lines), timedelta(0))
            sentences = [text for line in lines for text in _sentences(calendar, line, ticket.pauses, now)]
        except CalendarError as error:
            total, sentences = timedelta(0), [error.translated(_)]
        found.append(
            Promised(
                TERM_NAMES[term.kind],
                term.level,
                length(timedelta(minutes=term.minutes)),
                term.due_at,
                term.met_at,
                term.is_open,
                term.is_late(now),
                sentences,
                length(total),
            )
        )
    return found


def _sentences(calendar: Calendar, line: Line, pauses: Sequence[Pause], now: datetime) -> Iterator[str]:
    """The line in words; a stretch in which the clock stood says for what, and is cut where that changed."""
    if line.reason is Reason.OPEN:
        yield _said(calendar, line, EXACTLY, time=length(line.worked))
    elif line.reason is Reason.PAUSED and line.opens and line.closes:
        for pause in pauses:
            opens, closes = max(line.opens, pause.begins_at), min(line.closes, pause.ends_at or now)
            if opens < closes:
                part = replace(line, opens=to_local(opens, calendar.tz), closes=to_local(closes, calendar.tz))
                yield _said(calendar, part, PAUSED_FOR.get(pause.kind or ""))
    else:
        yield _said(calendar, line, None)


def _said(calendar: Calendar, line: Line, sentence: str | None, **values: str) -> str:
    return line_text(calendar, line, language=language(), gettext=_, sentence=sentence, **values)
