"""Why a ticket counts as received when it does, in the reader's words (S9)."""

from __future__ import annotations

from flask_babel import gettext as _

from app.calendar.model import Calendar
from app.calendar.wording import line_text
from app.desk.clocks import in_force, why_received
from app.locale import language
from app.models.ticket import Ticket


def why_counts(ticket: Ticket, known: Calendar | None = None) -> list[str]:
    """A sentence for each day passed over; none where the ticket counted at once or its calendar was never kept.

    `known` is the calendar that was in force, where it has been read already.
    """
    if ticket.counts_as_received_at == ticket.arrived_at:
        return []
    calendar = known or in_force(ticket)
    if calendar is None:
        return []
    lines = why_received(ticket, calendar)
    return [line_text(calendar, line, language=language(), gettext=_) for line in lines]
