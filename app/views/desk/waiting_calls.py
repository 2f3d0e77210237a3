"""Calls that wait for a consultant, and the card of each caller (S18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import LARGEST_ID, NotFound, sees_call, tickets_of
from app.accounts.callers import with_number
from app.desk.incoming_calls import doubts, settle
from app.desk.telephone import menu_with_duty
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.call import Call
from app.models.ranges import Order
from app.models.ticket import UNFINISHED, Ticket
from app.views import visitor
from app.views.doors import requires
from app.views.reference import codes_of

MOST_WAITING, MOST_SEEN_TO, MOST_TICKETS = 20, 10, 5


@dataclass(frozen=True)
class Card:
    """A call, whom its number may mean, their open tickets, who is on duty for it, and what is odd about it."""

    call: Call
    callers: Sequence[Account]
    tickets: Sequence[Ticket]
    on_duty: Sequence[Account]
    doubts: Sequence[str]

    @property
    def is_mine(self) -> bool:
        """Whether it is offered to this consultant first."""
        return bool(self.on_duty) and self.on_duty[0].id == visitor.account().id


class WaitingCallsView(BaseView):
    """Menu Calls."""

    route_base = "/desk/calls"
    default_view = "page"

    @expose("/")
    @requires("list")
    def page(self) -> ResponseReturnValue:
        return self.render_template("desk/calls.html", cards=_waiting(), seen_to=_seen_to(), may_act=_may_act())

    @expose("/waiting")
    @requires("list")
    def waiting(self) -> ResponseReturnValue:
        """The part of the page that is asked for again and again."""
        return self.render_template("desk/_waiting.html", cards=_waiting(), may_act=_may_act())

    @expose("/<int:pk>")
    @requires("list")
    def card(self, pk: int) -> ResponseReturnValue:
        return self.render_template("desk/call_card.html", card=_card(call_of(pk), _duty()), may_act=_may_act())

    @expose("/<int:pk>/done", methods=["POST"])
    @requires("add")
    def done(self, pk: int) -> ResponseReturnValue:
        """Nothing has to be written down."""
        with transaction():
            settle(call_of(pk, lock=True), by=visitor.account())
        flash(_("The call waits no more."), "success")
        return redirect("/desk/calls/", 303)


def call_of(pk: int, *, lock: bool = False) -> Call:
    """The call, when this visitor may know of it. Raises NotFound."""
    query = select(Call).where(Call.id == pk, sees_call(visitor.standing()))
    if lock:
        query = query.with_for_update(of=Call).execution_options(populate_existing=True)
    call = db.session.scalars(query).one_or_none() if 0 < pk <= LARGEST_ID else None
    if call is None:
        raise NotFound
    return call


def _waiting() -> list[Card]:
    """Those that wait, the newest first; those that are offered to this consultant before others."""
    query = _seen().where(Call.settled_at.is_(None)).order_by(Call.came_at.desc(), Call.id.desc()).limit(MOST_WAITING)
    duty = _duty()
    cards = [_card(call, duty) for call in db.session.scalars(query)]
    return sorted(cards, key=lambda card: not card.is_mine)


def _seen_to() -> Sequence[Call]:
    query = _seen().where(Call.settled_at.is_not(None)).order_by(Call.settled_at.desc()).limit(MOST_SEEN_TO)
    return db.session.scalars(query.options(joinedload(Call.ticket), joinedload(Call.settled_by))).all()


def _seen() -> Any:
    return select(Call).where(sees_call(visitor.standing())).options(joinedload(Call.product_group))


def _duty() -> dict[int, Sequence[Account]]:
    return {line.group.id: line.on_duty for line in menu_with_duty()}


def _card(call: Call, duty: dict[int, Sequence[Account]]) -> Card:
    callers = with_number(call.caller)
    on_duty = duty.get(call.product_group_id or 0, ())
    odd = list(doubts(call.caller, call.digits, call.product_group).values())
    return Card(call, callers, _open_tickets(callers), on_duty, odd)


def _open_tickets(callers: Sequence[Account]) -> Sequence[Ticket]:
    if not callers:
        return []
    theirs = Ticket.requester_id.in_([person.id for person in callers])
    rows = tickets_of(visitor.standing()).where(theirs, Ticket.status.in_(codes_of(UNFINISHED)))
    newest = Order(Ticket.updated_at, Ticket.id)
    return db.session.scalars(rows.read(newest, MOST_TICKETS).options(joinedload(Ticket.state))).all()


def _may_act() -> bool:
    return visitor.may("can_add", "WaitingCallsView")
