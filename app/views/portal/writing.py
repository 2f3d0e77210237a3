"""What a customer writes in a ticket, and what he has begun to write."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.access import Right, get_ticket
from app.desk import tickets
from app.desk.errors import DeskError
from app.desk.sent_again import sent_before
from app.events.transaction import transaction
from app.extensions import db
from app.models.ticket import MessageKind, Ticket
from app.views import visitor
from app.views.doors import requires
from app.views.drafting import DraftOf, draft_of
from app.views.fields import FieldsForm
from app.views.portal.forms import ReplyForm, TicketForm
from app.views.reference import group_choices


class WritingActs:
    """What was typed or attached is a draft until it is sent."""

    @expose("/<int:number>/reply", methods=["POST"])
    @requires("edit")
    def reply(self, number: int) -> ResponseReturnValue:
        """S12."""
        reply = reply_to(number)
        form = reply.form
        if form.validate():
            try:
                contribution = form.contribution(form["text"].data or "")
                with transaction():
                    ticket, by = writable(number), visitor.account()
                    message = sent_before(ticket, contribution, by=by, kind=MessageKind.CUSTOMER)
                    message = message or tickets.customer_reply(ticket, contribution, by=by)
                    reply.forget()
                if message.ticket.events[0].data.get("follows") == number:
                    flash(_("The ticket was closed long ago, so your message began a new one."), "success")
                return redirect(f"/tickets/{message.ticket.number}#m{message.id}", 303)
            except DeskError as error:
                form.say(error)
        get_ticket(db.session(), visitor.standing(), number, may=Right.WRITE)
        reply.rescue()
        return self._page(number, reply)

    @expose("/<int:number>/draft", methods=["POST"])
    @requires("edit")
    def draft(self, number: int) -> ResponseReturnValue:
        get_ticket(db.session(), visitor.standing(), number, may=Right.WRITE)
        return reply_to(number).answer(f"/tickets/{number}#reply")

    @expose("/new/draft", methods=["POST"])
    @requires("add")
    def draft_of_new(self) -> ResponseReturnValue:
        """Of a ticket that is not there yet, for each product group another."""
        chosen = request.args.get("group", "")
        if chosen not in dict(group_choices()):
            return redirect("/tickets/new", 303)
        return new_ticket(TicketForm(), chosen).answer(f"/tickets/new?group={chosen}")

    def _page(self, number: int, reply: DraftOf | None = None, fields: FieldsForm | None = None) -> ResponseReturnValue:
        raise NotImplementedError


def reply_to(number: int, *, sent: bool = True) -> DraftOf:
    """The form of a reply, as it was sent just now or as its draft has it."""
    return draft_of(ReplyForm() if sent else ReplyForm(None), f"reply:{number}", sent=sent)


def new_ticket(form: TicketForm, group: int | str) -> DraftOf:
    """The form of a new ticket with its draft."""
    return draft_of(form, f"new:{group}", sent=form.is_submitted())


def writable(number: int) -> Ticket:
    """The ticket, held for a change."""
    return get_ticket(db.session(), visitor.standing(), number, may=Right.WRITE, lock=True)
