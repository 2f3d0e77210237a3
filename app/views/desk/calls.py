"""A customer calls, a consultant writes it down (S6, S18)."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.access import Right, get_ticket
from app.accounts.callers import add_caller, caller, find_callers, give_address, with_number
from app.accounts.errors import Deactivated
from app.accounts.join import bound_security
from app.broken_rule import BrokenRule
from app.calendar.errors import CalendarError
from app.calendar.instants import parse_instant
from app.calendar.preset import CWT
from app.desk import tickets
from app.desk.clocks import calendar_of
from app.desk.confirmations import ask_again
from app.desk.content import Contribution
from app.desk.errors import DeskError
from app.desk.incoming_calls import EARLY, CallSettled, settle
from app.desk.telephone import menu_with_duty, telephone
from app.events.transaction import transaction
from app.extensions import db
from app.locale import when
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Ticket
from app.models.types import utc_now
from app.views import visitor
from app.views.admin.calendar_forms import complaint
from app.views.desk.filters import row_id
from app.views.desk.forms import AddressForm, CallForm
from app.views.desk.waiting_calls import call_of
from app.views.doors import requires
from app.views.once import claimed, form_key
from app.views.reference import group_choices

DESK_ZONE = CWT.tz


class NobodyCalled(DeskError):
    sentence = _l("Choose the caller from the list, or write down his name.")


class TwoCallers(DeskError):
    sentence = _l("A customer is chosen, and somebody new is written down. Keep only one of them.")


class NotYet(DeskError):
    sentence = _l("A call cannot come in the future. Check when it came.")


class CallsView(BaseView):
    """Calls at the consultants' side."""

    route_base = "/desk"
    default_view = "record"

    @expose("/tickets/new", methods=["GET", "POST"])
    @requires("add")
    def record(self) -> ResponseReturnValue:
        """A ticket on behalf of a customer who called."""
        form = CallForm(data=_given())
        form.product_group.choices = _groups()
        if form.validate_on_submit():
            try:
                ticket = _record(form)
                _tell(ticket)
                return redirect(f"/desk/tickets/{ticket.number}", 303)
            except CalendarError as error:
                form.called.errors = [complaint(error)]
            except BrokenRule as error:
                form.form_errors.append(str(error))
        return self.render_template(
            "desk/call.html",
            form=form,
            callers=find_callers(form.who.data or ""),
            lines={str(line.group.id): line for line in menu_with_duty()},
            first_digit=telephone().first_digit,
        )

    @expose("/calls/callers")
    @requires("add")
    def callers(self) -> ResponseReturnValue:
        """The part of the form that shows whom the typed words mean, while they are typed."""
        found = find_callers(request.args.get("who", ""))
        chosen = request.args.get("requester", "")
        return self.render_template("desk/_callers.html", callers=found, chosen=chosen, who=request.args.get("who", ""))

    @expose("/tickets/<int(max=2147483647):number>/address", methods=["POST"])
    @requires("add")
    def address(self, number: int) -> ResponseReturnValue:
        """The e-mail address of a caller who had none: now he can be asked to confirm."""
        form = AddressForm()
        if not form.validate():
            flash(" ".join(form.email.errors), "error")
            return redirect(f"/desk/tickets/{number}", 303)
        with transaction():
            ticket = get_ticket(db.session(), visitor.standing(), number, may=Right.HANDLE, lock=True)
            if not ticket.requester.has_address:
                give_address(ticket.requester, form.email.data or "")
                ask_again(ticket)
        flash(_("The address is kept."), "success")
        return redirect(f"/desk/tickets/{number}", 303)


def _record(form: CallForm) -> Ticket:
    """The ticket of the call; an unknown caller becomes known (S17). Raises BrokenRule, CalendarError.

    A form sent twice gives the same one, one that was changed another.
    """
    call_id = row_id(form.call.data or "")
    said = [field.data for field in form if field.name not in ("csrf_token", "key")]
    with transaction():
        kept, is_new = claimed(visitor.account().id, form_key(form.key.data or "", said), fingerprint="")
        if not is_new:
            return db.session.scalars(select(Ticket).where(Ticket.number == int(kept.body))).one()
        call = None if call_id is None else call_of(call_id, lock=True)
        if call is not None and call.settled_at is not None:
            raise CallSettled
        group = db.session.get_one(ProductGroup, int(form.product_group.data))
        ticket = tickets.open_ticket(
            requester=_caller(form),
            product_group=group,
            subject=form.subject.data or "",
            contribution=Contribution(
                text=(form.text.data or form.subject.data or "").strip(), channel=Channel.TELEPHONE
            ),
            by=visitor.account(),
            priority=form.priority.data,
            arrived_at=_called_at(form.called.data, group),
            to_be_confirmed=True,
        )
        if call is not None:
            settle(call, by=visitor.account(), ticket=ticket)
        kept.status, kept.body = 303, str(ticket.number)
        return ticket


def _caller(form: CallForm) -> Account:
    """Who was chosen, or who is new. Raises NobodyCalled, TwoCallers, Deactivated."""
    chosen, is_new = row_id(form.requester.data or ""), bool(form.email.data or form.name.data)
    if chosen is not None and is_new:
        raise TwoCallers
    if chosen is not None:
        found = caller(chosen)
        if found is None:
            raise NobodyCalled
        return found
    if not is_new:
        raise NobodyCalled
    known = add_caller(
        bound_security().datastore,
        name=form.name.data or "",
        number=form.telephone.data or "",
        email=form.email.data or "",
        locale="pl",
    )
    if not known.active:
        raise Deactivated
    return known


def _called_at(typed: str | None, group: ProductGroup) -> datetime | None:
    """When the call came, on the clock of the group's calendar. Raises CalendarError, NotYet."""
    if not typed:
        return None
    called_at = parse_instant(typed, calendar_of(group.calendar).tz)
    if called_at > utc_now() + EARLY:
        raise NotYet
    return called_at


def _given() -> dict[str, str]:
    """What the form begins with: the words of the address, or the exchange's call. Raises NotFound."""
    call_id, key = row_id(request.args.get("call", "")), secrets.token_urlsafe(16)
    if call_id is None:
        return {"key": key, "who": request.args.get("who", "")}
    call = call_of(call_id)
    zone = calendar_of(call.product_group.calendar).tz if call.product_group else DESK_ZONE
    return {
        "key": key,
        "call": str(call.id),
        "who": call.said,
        "requester": request.args.get("requester", ""),
        "telephone": "" if with_number(call.caller) else call.caller,
        "product_group": str(call.product_group_id or ""),
        "called": call.came_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
    }


def _tell(ticket: Ticket) -> None:
    """What follows, said at once: also that somebody cannot be asked."""
    flash(_("The ticket is registered under number %(number)s.", number=f"#{ticket.number}"), "success")
    due = when(ticket.confirmation.due_at, "minute") if ticket.confirmation else ""
    if ticket.requester.has_address:
        flash(
            _("%(name)s is asked by letter to confirm it until %(due)s.", name=ticket.requester.name, due=due), "info"
        )
    else:
        flash(
            _(
                "%(name)s has no e-mail address here, so no letter can ask for the confirmation. Add the address on"
                " this page, or the ticket lapses at %(due)s.",
                name=ticket.requester.name,
                due=due,
            ),
            "warning",
        )


def _groups() -> list[tuple[str, str]]:
    """The product groups that this consultant answers for."""
    answers_for = visitor.standing().answers_for
    return [(code, name) for code, name in group_choices() if answers_for(int(code))]
