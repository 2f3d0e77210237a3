"""What is promised of a ticket, explained line by line in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.calendar.wording import line_text
from app.desk.levels import lines_of
from app.locale import language
from app.mail.level_wording import TERM_NAMES
from app.models.ticket import Ticket
from app.models.types import utc_now


@dataclass(frozen=True)
class Promised:
    """A term: its name and level, when it is due or was met, and how its working time comes about."""

    name: Any
    level: str
    minutes: int
    due_at: datetime | None
    met_at: datetime | None
    is_open: bool
    is_late: bool
    lines: Sequence[str]
    total: str  # minutes, exactly the sum of the lines


def promised(ticket: Ticket) -> list[Promised]:
    """Every promise of the ticket in the order in which they were made."""
    now = utc_now()
    found = []
    for term in ticket.terms:
        calendar, lines = lines_of(ticket, term, now)
        total = sum((line.worked for line in lines), timedelta(0)) / timedelta(minutes=1)
        found.append(
            Promised(
                TERM_NAMES[term.kind],
                term.level,
                term.minutes,
                term.due_at,
                term.met_at,
                term.is_open,
                term.is_late(now),
                [line_text(calendar, line, language=language(), gettext=_) for line in lines],
                format_decimal(round(total, 2)),
            )
        )
    return found
