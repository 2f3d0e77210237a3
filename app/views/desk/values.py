"""What the small forms of a ticket's page change: nobody overwrites what he has not seen (app/views/overtaken.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, make_response, render_template, request
from flask_babel import lazy_gettext as _l

from app.desk.marking import tags_of
from app.locale import language
from app.mail.names import PRIORITY_NAMES
from app.models.ticket import Ticket
from app.views import visitor
from app.views.desk.history import history_of
from app.views.overtaken import Overtaken
from app.views.reference import consultant_choices, group_choices, state_choices

LAST = 3  # lines of the history
UNTYPED = ("csrf_token", "was")


@dataclass(frozen=True)
class Value:
    """One thing of a ticket: as a form remembers it, and as people read it. `field` is the form's box."""

    name: Any
    of: Callable[[Ticket], str]
    field: str
    words: Callable[[str], Any] = lambda code: code or "–"


def _person(code: str) -> Any:
    if code == "nobody":
        return _l("Nobody")
    return dict(consultant_choices()).get(code, "?")


ASSIGNEE = Value(_l("Who answers"), lambda ticket: str(ticket.assignee_id or "nobody"), "assignee", _person)
PRIORITY = Value(
    _l("Priority"), lambda ticket: ticket.priority, "priority", lambda code: PRIORITY_NAMES.get(code, code)
)
STATE = Value(
    _l("State"), lambda ticket: ticket.status, "state", lambda code: dict(state_choices(language())).get(code, code)
)
GROUP = Value(
    _l("Product group"),
    lambda ticket: str(ticket.product_group_id),
    "product_group",
    lambda code: dict(group_choices()).get(code, "?"),
)
TAGS = Value(_l("Tags"), lambda ticket: ", ".join(tags_of(ticket)), "tags")
FOLLOW_UP = Value(
    _l("Look at it again on"),
    lambda ticket: ticket.follow_up_at.isoformat() if ticket.follow_up_at else "",
    "on",
    lambda code: code[:10] or "–",
)


def is_overtaken(ticket: Ticket, value: Value, *, was: str, wanted: str | None) -> bool:
    """Whether the value is neither what the form showed, nor what its sender wants (None: nothing that could be)."""
    return value.of(ticket) not in (was, wanted)


def check_seen(ticket: Ticket, value: Value, wanted: Any = None) -> None:
    """Stops with a page of both sides (409) where the value is not what the form showed, nor what is wanted.

    `wanted` is what the button says, of a form without a box.
    """
    was, now, typed = request.form.get("was"), value.of(ticket), request.form.get(value.field, "")
    if typed == "me":
        typed = str(visitor.account().id)
    if was is None or not is_overtaken(ticket, value, was=was, wanted=typed if wanted is None else None):
        return
    page = render_template(
        "desk/overtaken.html",
        ticket=ticket,
        name=value.name,
        before=value.words(was),
        now=value.words(now),
        wanted=wanted or value.words(typed),
        was=now,
        typed=[(key, each) for key, each in request.form.items(multi=True) if key not in UNTYPED],
        action=request.path,
        history=history_of(ticket, visitor.standing())[:LAST],
    )
    abort(make_response(page, Overtaken.status))
