"""A row of the ticket list is changed where it stands: state, priority, who answers, product group in a small form.

The form remembers what the row said. Where somebody has changed the same meanwhile (values.py) it stops with a
sentence, and nothing is lost; what he alone has changed stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.access import Right, get_ticket
from app.desk import tickets
from app.desk.answering import release
from app.extensions import db
from app.locale import called, language
from app.mail.names import PRIORITY_NAMES
from app.models.ticket import Ticket
from app.views import visitor
from app.views.desk import bulk
from app.views.desk.acts import NUMBER
from app.views.desk.asked import list_address
from app.views.desk.assigned import assigning, transferring
from app.views.desk.values import ASSIGNEE, GROUP, PRIORITY, STATE, is_overtaken
from app.views.doors import requires
from app.views.reference import consultant_choices, group_choices, states_ahead

VALUES = {"status": STATE, "priority": PRIORITY, "assignee": ASSIGNEE, "product_group": GROUP}
NOBODY = "nobody"


class ChangedMeanwhile(Exception):
    """The row is not what the form was filled in over."""


class InlineActs:
    """The form of one row; a page of its own where there is no script."""

    if TYPE_CHECKING:
        render_template: Callable[..., str]
    routes: ClassVar[tuple[str, ...]] = ("row", "change")

    @expose(f"/{NUMBER}/change")
    @requires("edit")
    def row(self, number: int) -> ResponseReturnValue:
        ticket = get_ticket(db.session(), visitor.standing(), number, may=Right.HANDLE)
        parts = urlsplit(request.referrer or "")
        return self._row(ticket, {}, list_address(f"{parts.path}?{parts.query}"))

    @expose(f"/{NUMBER}/change", methods=["POST"])
    @requires("edit")
    def change(self, number: int) -> ResponseReturnValue:
        seen = dict(zip(VALUES, request.form.get("seen", "").split("|"), strict=False))
        sent = {name: request.form[name] for name in VALUES if name in request.form}
        wanted = {name: value for name, value in sent.items() if value != seen.get(name)}
        back = list_address(request.form.get("back", ""))
        try:
            checked, act = _checking(seen, wanted), _changing(wanted)
            outcome = bulk.on_each([number], visitor.standing(), act, by=visitor.account(), first=checked)
        except ChangedMeanwhile:
            flash(_("Somebody has changed this ticket meanwhile. Look at what it says now, and save again."), "warning")
            outcome = None
        if outcome and not outcome.refused:
            flash(_("Ticket #%(number)s is changed.", number=number), "success")
            return redirect(f"{back}#t{number}", 303)
        for sentence in outcome.refused if outcome else ():
            flash(sentence, "error")
        ticket = get_ticket(db.session(), visitor.standing(), number, may=Right.HANDLE)
        return self._row(ticket, wanted, back), 409

    def _row(self, ticket: Ticket, wanted: Mapping[str, str], back: str) -> str:
        template = "desk/_change.html" if request.headers.get("X-Part") else "desk/change.html"
        now = _now(ticket)
        return self.render_template(
            template,
            ticket=ticket,
            seen="|".join(now.values()),
            now=now,
            wanted=wanted,
            boxes=_boxes(ticket),
            back=back,
        )


def _boxes(ticket: Ticket) -> list[tuple[str, str, list[tuple[str, Any]]]]:
    """Name, label and choices of each box: what the ticket has now, and what this visitor may make of it."""
    standing, said = visitor.standing(), language()
    states = [(ticket.status, ticket.state.name(said))]
    states += [(state.code, state.name(said)) for state in states_ahead(standing, ticket)]
    people = {NOBODY: _("Nobody"), **dict(consultant_choices(ticket.product_group_id))}
    if ticket.assignee:
        people.setdefault(str(ticket.assignee_id), ticket.assignee.name)
    groups = {str(ticket.product_group_id): called(ticket.product_group)}
    if Right.MANAGE in standing.rights(ticket):
        groups |= dict(group_choices())
    return [
        ("status", _("State"), states),
        ("priority", _("Priority"), [(str(code), name) for code, name in PRIORITY_NAMES.items()]),
        ("assignee", _("Who answers"), list(people.items())),
        ("product_group", _("Product group"), list(groups.items())),
    ]


def _now(ticket: Ticket) -> dict[str, str]:
    """What the row says, as the form spells it."""
    return {name: value.of(ticket) for name, value in VALUES.items()}


def _checking(seen: Mapping[str, str], wanted: Mapping[str, str]) -> Callable[[Ticket], None]:
    """That nobody has changed the same since; an answer that waits leaves before the state is changed.

    Raises ChangedMeanwhile."""

    def check(ticket: Ticket) -> None:
        if any(is_overtaken(ticket, VALUES[name], was=seen.get(name, ""), wanted=to) for name, to in wanted.items()):
            raise ChangedMeanwhile
        if "status" in wanted:
            release(ticket)

    return check


def _changing(wanted: Mapping[str, str]) -> Callable[[Ticket], None]:
    """All that is wanted, in one transaction. Raises NotFound and what the acts raise."""
    by = visitor.account()

    def act(ticket: Ticket) -> None:
        left = {name: to for name, to in wanted.items() if to != VALUES[name].of(ticket)}
        if "priority" in left:
            tickets.set_priority(ticket, to=left["priority"], by=by)
        if "assignee" in left:
            assigning(left["assignee"])(ticket)
        if "status" in left:
            tickets.move(ticket, to=left["status"], by=by)
        if "product_group" in left:
            transferring(left["product_group"])(ticket)

    return act
