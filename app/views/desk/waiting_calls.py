"""Calls of the telephone exchange: those that wait, the card of a caller, and every call that there was (S18)."""

from __future__ import annotations

from binascii import crc32
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from app.access import LARGEST_ID, NotFound, Right, get_ticket, sees_call, tickets_of
from app.accounts.callers import with_numbers
from app.desk.incoming_calls import doubts, put_with, settle, take_back
from app.desk.telephone import menu_with_duty
from app.events.transaction import transaction
from app.extensions import db
from app.locale import called
from app.models.account import Account
from app.models.call import Call
from app.models.ranges import Order, Rows
from app.models.telephone_number import number_key
from app.models.ticket import UNFINISHED, Ticket
from app.models.types import utc_now
from app.views import visitor
from app.views.admin.journal import ticket_link
from app.views.desk.filters import row_id
from app.views.desk.grid import ROW_ID, GridView, visible
from app.views.doors import requires
from app.views.reference import codes_of, group_choices

MOST_WAITING = 50
MOST_TICKETS = 5
JUST_NOW = timedelta(minutes=15)  # so long the card of a call opens by itself
OUTCOMES: dict[str, tuple[Any, ColumnElement[bool]]] = {
    "waiting": (_l("Waits"), Call.settled_at.is_(None)),
    "ticket": (_l("With a ticket"), Call.ticket_id.is_not(None)),
    "nothing": (_l("Nothing to do"), and_(Call.settled_at.is_not(None), Call.ticket_id.is_(None))),
}


@dataclass(frozen=True)
class Caller:
    """Who may be calling, and what he has waiting at the desk."""

    account: Account
    tickets: Sequence[Ticket]


class CallModelView(GridView):
    route_base = "/desk/calls"
    datamodel = GridView.over(Call)
    clause = staticmethod(sees_call)
    base_filters = visible(sees_call)
    include_route_methods = {"list", "show", "home", "waiting", "done", "back", "belongs"}
    order = Order(Call.id, Call.id)
    eager = (
        joinedload(Call.product_group),
        joinedload(Call.ticket).load_only(Ticket.number),
        joinedload(Call.settled_by),
    )
    list_title = _l("All calls")
    hint = _l("Every call that the telephone exchange told of, and what became of it.")
    text_filter = _l("How the number begins, as the exchange tells it")
    add_columns = edit_columns = ["id"]
    label_columns = {
        "caller": _l("Number"),
        "came_at": _l("Called"),
        "product_group": _l("Product group"),
        "seconds": _l("Duration"),
        "settled_at": _l("What became of it"),
        "ticket": _l("Ticket"),
        "settled_by": _l("Settled by"),
    }
    list_columns = ["caller", "came_at", "product_group", "seconds", "settled_at", "ticket", "settled_by"]
    formatters_columns = {
        "caller": lambda row: row.said or _("Number withheld"),
        "product_group": lambda row: called(row.product_group) if row.product_group else None,
        "seconds": lambda row: lasted(row.seconds),
        "settled_at": lambda row: outcome_of(row),
        "ticket": lambda row: ticket_link(row.ticket),
        "settled_by": lambda row: row.settled_by.name if row.settled_by else None,
    }

    @expose("/")
    @requires("list")
    def home(self) -> ResponseReturnValue:
        """The calls that wait; the page looks for new ones by itself."""
        return self.render_template("desk/calls.html", view=self, **_waiting())

    @expose("/waiting")
    @requires("list")
    def waiting(self) -> ResponseReturnValue:
        """The part of that page which changes; 204 where it shows it already."""
        found = _waiting()
        if request.args.get("seen") == found["stamp"]:
            return "", 204
        return self.render_template("desk/_waiting_calls.html", view=self, **found)

    @expose(f"/show/{ROW_ID}")
    @requires("show")
    def show(self, pk: int) -> ResponseReturnValue:
        """The card of a caller."""
        return self.render_template("desk/caller.html", view=self, **card_of(self.row(pk)))

    @expose(f"/{ROW_ID}/done", methods=["POST"])
    @requires("settle")
    def done(self, pk: int) -> ResponseReturnValue:
        """Nothing has to be written down."""
        with transaction():
            settle(call_of(pk, lock=True), by=visitor.account())
        flash(_("The call waits no more."), "success")
        return redirect("/desk/calls/", 303)

    @expose(f"/{ROW_ID}/back", methods=["POST"])
    @requires("settle")
    def back(self, pk: int) -> ResponseReturnValue:
        with transaction():
            take_back(call_of(pk, lock=True))
        return redirect(f"/desk/calls/show/{pk}", 303)

    @expose(f"/{ROW_ID}/belongs", methods=["POST"])
    @requires("settle")
    def belongs(self, pk: int) -> ResponseReturnValue:
        """The call was about a ticket that is there already."""
        number = row_id(request.form.get("ticket", ""))
        with transaction():
            call = call_of(pk, lock=True)  # before its ticket, as everywhere: two who wait must wait in one order
            ticket = get_ticket(db.session(), visitor.standing(), number or 0, may=Right.HANDLE, lock=True)
            put_with(call, ticket, by=visitor.account())
        flash(_("The call is put with ticket #%(number)s.", number=ticket.number), "success")
        return redirect(f"/desk/tickets/{ticket.number}", 303)

    def rows(self) -> Rows:
        rows, outcome = super().rows(), request.args.get("outcome", "")
        group = row_id(request.args.get("product_group", ""))
        if outcome in OUTCOMES:
            rows = rows.where(OUTCOMES[outcome][1])
        return rows if group is None else rows.where(Call.product_group_id == group)

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        return or_(*(column.startswith(words, autoescape=True) for column in (Call.caller, Call.caller_text)))

    def choices(self) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
        return [
            ("outcome", self.label_columns["settled_at"], [(code, words) for code, (words, _rows) in OUTCOMES.items()]),
            ("product_group", self.label_columns["product_group"], group_choices()),
        ]

    def title_of(self, row: Call) -> str:
        return row.said or _("Number withheld")


def call_of(pk: int, *, lock: bool = False) -> Call:
    """The call, when this visitor may know of it. Raises NotFound."""
    query = select(Call).where(Call.id == pk, sees_call(visitor.standing()))
    if lock:
        query = query.with_for_update(of=Call).execution_options(populate_existing=True)
    call = db.session.scalars(query).one_or_none() if 0 < pk <= LARGEST_ID else None
    if call is None:
        raise NotFound
    return call


def outcome_of(call: Call) -> str:
    """What became of the call, in words."""
    code = "waiting" if call.settled_at is None else "ticket" if call.ticket_id else "nothing"
    return str(OUTCOMES[code][0])


def lasted(seconds: int | None) -> str | None:
    """Minutes and seconds, as a clock shows them."""
    return None if seconds is None else f"{seconds // 60}:{seconds % 60:02}"


def card_of(call: Call) -> dict[str, Any]:
    """What the card of a call shows."""
    people, may_act = with_numbers([call.caller]), visitor.may("can_settle", "CallModelView")
    on_duty = _on_duty().get(call.product_group_id or 0, ())
    return {
        "call": call,
        "lasted": lasted(call.seconds),
        "outcome": outcome_of(call),
        "doubts": list(doubts(call).values()),
        "callers": [Caller(person, _open_tickets(person)) for person in people],
        "on_duty": on_duty,
        "may_settle": may_act and call.settled_at is None,
        "may_take_back": may_act and call.settled_at is not None and call.ticket_id is None,
    }


def _waiting() -> dict[str, Any]:
    """The calls that wait, the newest first; the card of the newest one that this visitor is on duty for, if it has
    just come; and a stamp that is another one when any of it is."""
    query = select(Call).where(Call.settled_at.is_(None), sees_call(visitor.standing()))
    found = db.session.scalars(
        query.options(joinedload(Call.product_group)).order_by(Call.came_at.desc(), Call.id.desc()).limit(MOST_WAITING)
    ).all()
    duty, me = _on_duty(), visitor.account()
    mine = frozenset(call.id for call in found if me in duty.get(call.product_group_id or 0, ()))
    ringing = next((call for call in found if call.id in mine and call.came_at > utc_now() - JUST_NOW), None)
    told = [(call.id, call.said, call.digits, call.seconds, call.recording) for call in found]
    return {
        "calls": found,
        "mine": mine,
        "names": _names(found),
        "lasted_of": lasted,
        "card": card_of(ringing) if ringing else None,
        "may_settle": visitor.may("can_settle", "CallModelView"),
        "stamp": f"{crc32(repr((told, sorted(mine), ringing and ringing.id)).encode()):08x}",
    }


def _names(found: Sequence[Call]) -> Mapping[int, str]:
    """Who is known by the number of each call, by the call's id."""
    known: dict[str | None, list[str]] = {}
    for person in with_numbers([call.caller for call in found]):
        known.setdefault(person.telephone_key, []).append(person.name)
    return {call.id: ", ".join(known.get(number_key(call.caller) or "", [])) for call in found}


def _on_duty() -> dict[int, Sequence[Account]]:
    return {line.group.id: line.on_duty for line in menu_with_duty()}


def _open_tickets(person: Account) -> Sequence[Ticket]:
    """The person's tickets that are not finished, as far as this visitor sees them, those that changed last first."""
    rows = tickets_of(visitor.standing()).where(
        Ticket.requester_id == person.id, Ticket.status.in_(codes_of(UNFINISHED))
    )
    query = rows.read(Order(Ticket.updated_at, Ticket.id), MOST_TICKETS)
    return db.session.scalars(query.options(joinedload(Ticket.state), joinedload(Ticket.product_group))).all()
