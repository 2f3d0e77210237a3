"""What letters say of promised times, and hold about them beside their words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.locale import when
from app.mail.content import Wording, absolute
from app.models.event import Letter
from app.models.level import TermKind
from app.models.ticket import Ticket

TERM_NAMES: dict[str, Any] = {
    TermKind.FIRST: _l("First answer"),
    TermKind.NEXT: _l("Next answer"),
    TermKind.SOLUTION: _l("Solution"),
}


def what_happens_next(ticket: Ticket) -> str:
    """And by when, as far as it is promised."""
    due = next((term.due_at for term in ticket.terms if term.kind == TermKind.FIRST and term.due_at), None)
    if due is None:
        return _("Next, a consultant looks at it in our working hours and answers you by letter.")
    return _("Next, a consultant looks at it and answers you by %(due)s.", due=when(due, "minute"))


def about_term(letter: Letter, ticket: Ticket) -> Wording:
    """Which promise, when it is due, and whose it is to keep."""
    said = letter.event.data if letter.event else {}
    due = datetime.fromisoformat(said["due"]) if said.get("due") else None
    return Wording(
        subject="",
        paragraphs=[],
        button=(_("Open the ticket"), absolute(f"/tickets/{ticket.number}")),
        facts=[
            (_("Promised"), str(TERM_NAMES.get(said.get("term", ""), ""))),
            (_("Due"), when(due, "minute")),
            (_("Reported by"), ticket.requester.name),
            (_("Who answers"), ticket.assignee.name if ticket.assignee else _("Nobody yet")),
        ],
    )


ABOUT_TERM: dict[str, Callable[[Letter, Ticket], Wording]] = {
    "term_warning": about_term,
    "term_missed": about_term,
}
