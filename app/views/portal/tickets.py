"""A customer's tickets: the list, a new one, the conversation (S4, S11-S14, S17, S19)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from app.access import Right, get_ticket, may_see, tickets_of
from app.desk import confirmations, tickets
from app.desk.alarms import due_of
from app.desk.content import Contribution
from app.desk.ends import CLOSE
from app.desk.errors import DeskError
from app.desk.joining import conversation_of, survivor_of
from app.desk.levels import open_terms
from app.desk.marking import may_change, may_rate, rate, rating_of, unwatch, watch, watches
from app.desk.participants import participants_of
from app.desk.relations import relations_of
from app.events.transaction import transaction
from app.extensions import db
from app.locale import choose_zone, language
from app.models.account import Account
from app.models.call import Way
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.ranges import Order, Rows
from app.models.ticket import Message, StateKind, Ticket
from app.views import ticket_fields, ticket_sharing, visitor
from app.views.desk.history import history_of
from app.views.doors import requires
from app.views.drafting import DraftOf
from app.views.fields import FieldsForm
from app.views.listing import keyset_page
from app.views.once import claimed, form_key
from app.views.overtaken import Overtaken
from app.views.portal import offering
from app.views.portal.confirming import CONFIRMED
from app.views.portal.forms import TicketForm
from app.views.portal.writing import WritingActs, new_ticket, reply_to, writable
from app.views.promised import PROMISED_UNTIL
from app.views.reference import group_choices, state_choices, states_ahead
from app.views.why import why_counts

ORDERS = {
    "updated": Order(Ticket.updated_at, Ticket.id),
    "arrived": Order(Ticket.arrived_at, Ticket.id),
    "number": Order(Ticket.number, Ticket.id),
}
SHOWN_WITH = (
    joinedload(Ticket.state),
    joinedload(Ticket.product_group),
    joinedload(Ticket.requester).load_only(Account.first_name, Account.last_name, Account.email),
)


class TicketsView(WritingActs, BaseView):
    """Menu Bilety."""

    route_base = "/tickets"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        """My tickets and my organisation's, filtered by what the address says (S13, S14)."""
        shown = filtered(tickets_of(visitor.standing()))
        if _has_unknown_filters():
            flash(_("A filter in the address means nothing here; it was left out."), "warning")
        order = ORDERS.get(request.args.get("sort", ""), ORDERS["updated"])
        page = keyset_page(shown, order, eager=SHOWN_WITH, tickets=True)
        return self.render_template(
            "portal/tickets.html",
            page=page,
            states=state_choices(language()),
            groups=group_choices(),
            args=request.args,
        )

    @expose("/new", methods=["GET", "POST"])
    @requires("add")
    def new(self) -> ResponseReturnValue:
        """Dodaj bilet: first the product group, then its form (S4, S11)."""
        group = _group(request.args.get("group"))
        if group is None:
            choices = [(f"/tickets/new?group={group_id}", name) for group_id, name in group_choices()]
            return self.render_template("portal/choose_group.html", title=_("Add a ticket"), choices=choices)
        form, fields = TicketForm(), FieldsForm("ticket", state=StateKind.NEW, product_group_id=group.id)
        _offer_organisations(form)
        draft = new_ticket(form, group.id)
        given = fields.read_if_sent(beside=form.validate_on_submit())
        if given is not None:
            try:
                number = _open(form, group, fields, given)
                with transaction():
                    draft.forget()
                return redirect(f"/tickets/{number}", 303)
            except DeskError as error:
                form.say(error)
                fields.refuse(error)
        elif fields.errors:
            form.form_errors.append(fields.sentence())
        if form.is_submitted():
            draft.rescue()
        if not form.key.data:
            form.key.data = secrets.token_urlsafe(16)
        form.subject.render_kw = offering.while_typing(group.id)
        shown = offering.shown_before(request.form.getlist("shown"))
        return self.render_template(
            "portal/new_ticket.html",
            form=form,
            group=group,
            fields=fields,
            notice_group=group.id,
            shown=shown,
            saved_at=draft.saved_at,
        )

    @expose("/<int:number>")
    @requires("show")
    def show(self, number: int) -> ResponseReturnValue:
        """The conversation, its files, the state, both clocks and who answers (S12, S13, S19)."""
        if visitor.standing().is_staff and visitor.may("can_show", "TicketModelView"):
            return redirect(f"/desk/tickets/{number}")  # A consultant has more to do with it there.
        ticket = get_ticket(db.session(), visitor.standing(), number)
        survivor = survivor_of(ticket) if ticket.state.kind == StateKind.CLOSED else ticket
        if survivor is not ticket and may_see(db.session(), visitor.account(), survivor):
            flash(_("Ticket %(number)s was merged into this one.", number=f"#{number}"), "success")
            return redirect(f"/tickets/{survivor.number}")
        return self._page(number)

    @expose("/<int:number>/close", methods=["POST"])
    @requires("edit")
    def close(self, number: int) -> ResponseReturnValue:
        """S25, by the customer himself."""
        with transaction():
            tickets.close(writable(number), by=visitor.account())
        flash(_("The ticket is closed."), "success")
        return redirect(f"/tickets/{number}", 303)

    @expose("/<int:number>/accept", methods=["POST"])
    @requires("edit")
    def accept(self, number: int) -> ResponseReturnValue:
        """The customer is content with the solution."""
        with transaction():
            tickets.accept(writable(number), by=visitor.account())
        flash(_("Thank you. The ticket is closed."), "success")
        return redirect(f"/tickets/{number}", 303)

    @expose("/<int:number>/rate", methods=["POST"])
    @requires("edit")
    def rate(self, number: int) -> ResponseReturnValue:
        score, comment = request.form.get("score", ""), request.form.get("comment", "")
        with transaction():
            rate(writable(number), score=score, comment=comment, by=visitor.account())
        flash(_("Thank you for your rating."), "success")
        return redirect(f"/tickets/{number}", 303)

    @expose("/<int:number>/watch", methods=["POST"])
    @requires("edit")
    def watch(self, number: int) -> ResponseReturnValue:
        with transaction():
            watch(writable(number), by=visitor.account())
        flash(_("You will hear of this ticket by letter."), "success")
        return redirect(f"/tickets/{number}", 303)

    @expose("/<int:number>/unwatch", methods=["POST"])
    @requires("edit")
    def unwatch(self, number: int) -> ResponseReturnValue:
        with transaction():
            unwatch(writable(number), by=visitor.account())
        flash(_("You no longer watch this ticket."), "success")
        return redirect(f"/tickets/{number}", 303)

    @expose("/<int:number>/reopen", methods=["POST"])
    @requires("edit")
    def reopen(self, number: int) -> ResponseReturnValue:
        with transaction():
            tickets.reopen(writable(number), by=visitor.account())
        flash(_("The ticket is open again."), "success")
        return redirect(f"/tickets/{number}", 303)

    @expose("/<int:number>/confirm", methods=["POST"])
    @requires("edit")
    def confirm(self, number: int) -> ResponseReturnValue:
        """S6: the customer says that the call was his."""
        with transaction():
            outcome = confirmations.confirm(writable(number), by=visitor.account(), way=Way.PORTAL)
        flash(CONFIRMED[outcome], "success")
        return redirect(f"/tickets/{number}", 303)

    @expose("/<int:number>/let-in", methods=["POST"])
    @requires("edit")
    def let_in(self, number: int) -> ResponseReturnValue:
        ticket_sharing.let_in(number)
        return redirect(f"/tickets/{number}", 303)

    @expose("/<int:number>/show-out", methods=["POST"])
    @requires("edit")
    def show_out(self, number: int) -> ResponseReturnValue:
        ticket_sharing.show_out(number)
        return redirect(f"/tickets/{number}", 303)

    @expose("/<int:number>/confidential", methods=["POST"])
    @requires("edit")
    def confidential(self, number: int) -> ResponseReturnValue:
        ticket_sharing.set_confidential(number)
        return redirect(f"/tickets/{number}", 303)

    @expose("/<int:number>/fields", methods=["POST"])
    @requires("edit")
    def fields(self, number: int) -> ResponseReturnValue:
        """What the ticket's form asks for, filled in later or anew."""
        form = ticket_fields.changed(number, Right.WRITE)
        if form is None:
            return redirect(f"/tickets/{number}", 303)
        return make_response(self._page(number, fields=form), Overtaken.status if form.theirs else 200)

    @expose("/<int:number>/file/<field_id>")
    @requires("show")
    def file(self, number: int, field_id: str) -> ResponseReturnValue:
        return ticket_fields.file(number, field_id)

    def _page(self, number: int, reply: DraftOf | None = None, fields: FieldsForm | None = None) -> ResponseReturnValue:
        standing = visitor.standing()
        ticket = get_ticket(db.session(), standing, number)
        reply = reply or reply_to(number, sent=False)
        messages = conversation_of(ticket, standing).options(
            joinedload(Message.author), selectinload(Message.attachments), joinedload(Message.ticket)
        )
        return self.render_template(
            "portal/ticket.html",
            ticket=ticket,
            messages=db.session.scalars(messages).unique().all(),
            form=reply.form,
            saved_at=reply.saved_at,
            participants=participants_of(ticket),
            rights=standing.rights(ticket),
            to_confirm=confirmations.is_awaited(ticket),
            may_write=Right.WRITE in standing.rights(ticket),
            facts=ticket_fields.facts(ticket),
            fields=fields or ticket_fields.form(ticket),
            ahead={state.kind for state in states_ahead(standing, ticket)},
            why=why_counts(ticket),
            owed=[] if ticket.is_finished else open_terms(ticket),
            term_names=PROMISED_UNTIL,
            closes_at=due_of(ticket, CLOSE) if ticket.state.kind == StateKind.RESOLVED else None,
            relations=relations_of(ticket, standing),
            rating=rating_of(ticket) if ticket.is_finished else None,
            may_rate=may_rate(ticket, visitor.account()),
            may_change=may_change,
            is_watched=watches(ticket, visitor.account()),
            history=history_of(ticket, standing),
        )


def filtered(rows: Rows) -> Rows:
    """Those of the tickets that the address's filters let through; a value that means nothing is left out."""
    states = [code for code in request.args.getlist("state") if code in dict(state_choices("en"))]
    if states:
        rows = rows.where(Ticket.status.in_(states))
    group = request.args.get("group", "")
    if group in dict(group_choices()):
        rows = rows.where(Ticket.product_group_id == int(group))
    if request.args.get("mine"):
        rows = rows.where(Ticket.requester_id == visitor.account().id)
    since, until = _day(request.args.get("since")), _day(request.args.get("until"))
    if since:
        rows = rows.where(Ticket.arrived_at >= since)
    if until:
        rows = rows.where(Ticket.arrived_at < until + timedelta(days=1))
    return rows


def _has_unknown_filters() -> bool:
    """Whether the address names a state, product group, day or order that is not there."""
    known: dict[str, Mapping[str, Any]] = {
        "state": dict(state_choices("en")),
        "group": dict(group_choices()),
        "sort": ORDERS,
    }
    named = any(value and value not in known[name] for name in known for value in request.args.getlist(name))
    return named or any(request.args.get(name) and not _day(request.args[name]) for name in ("since", "until"))


def _day(text: str | None) -> datetime | None:
    """The beginning of a day in the reader's zone."""
    try:
        return datetime.combine(date.fromisoformat(text or ""), time(), ZoneInfo(choose_zone()))
    except (ValueError, OverflowError):
        return None


def _group(text: str | None) -> ProductGroup | None:
    if text not in dict(group_choices()):
        return None
    return db.session.get(ProductGroup, int(text or 0))


def _open(form: TicketForm, group: ProductGroup, fields: FieldsForm, given: Mapping[str, Any]) -> int:
    """The number of the new ticket; a form sent twice gives the same one, one that was changed another."""
    account = visitor.account()
    contribution = form.contribution(form.text.data or "")
    with transaction():
        kept, is_new = claimed(account.id, _key(form, group, contribution, fields.said()), fingerprint="")
        if not is_new:
            return int(kept.body)
        ticket = tickets.open_ticket(
            requester=account,
            product_group=group,
            subject=form.subject.data or "",
            contribution=contribution,
            by=account,
            priority=form.priority.data,
            language=language(),
            organisation=_organisation(form),
            confidential=bool(form.confidential and form.confidential.data),
            fields=given,
        )
        offering.note_filed()
        kept.status, kept.body = 303, str(ticket.number)
    flash(_("Your ticket is registered under number %(number)s.", number=f"#{ticket.number}"), "success")
    return ticket.number


def _offer_organisations(form: TicketForm) -> None:
    """Ask for the company where there are several, and for confidence where there are colleagues."""
    places = visitor.account().memberships
    if len(places) > 1:
        form.organisation.choices = [
            ("", _("Choose a company")),
            *((str(p.organisation_id), p.organisation.name) for p in places),
        ]
    else:
        del form.organisation
    if not places:
        del form.confidential


def _organisation(form: TicketForm) -> Organisation | None:
    """The company that was chosen; None leaves it to the desk's rule."""
    return db.session.get(Organisation, int(form.organisation.data)) if form.organisation else None


def _key(form: TicketForm, group: ProductGroup, contribution: Contribution, filled: list[str]) -> str:
    said = [group.id, form.subject.data, contribution.text, *filled, *(file.sha256 for file in contribution.files)]
    return form_key(form.key.data or "", said)
