"""The customer's card beside a ticket: asked for by a second request, so that the ticket's page stays light."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from app.access import Right, get_ticket
from app.desk.customers import LONGEST_NOTE, add_note, groups_of, notes_about, recent_tickets, remove_note
from app.events.transaction import transaction
from app.extensions import db
from app.views import visitor
from app.views.desk.acts import NUMBER, locked
from app.views.doors import requires
from app.views.fields import facts_of


class CustomerActs:
    """The card, and the desk's notes on it."""

    if TYPE_CHECKING:
        render_template: Callable[..., str]
    routes: ClassVar[tuple[str, ...]] = ("customer", "customer_note", "forget_note")

    @expose(f"/{NUMBER}/customer")
    @requires("show")
    def customer(self, number: int) -> ResponseReturnValue:
        """A part of the ticket's page, or a page of its own."""
        standing = visitor.standing()
        ticket = get_ticket(db.session(), standing, number)
        own, companys = recent_tickets(ticket, standing)
        return self.render_template(
            "desk/_customer.html" if request.headers.get("HX-Request") else "desk/customer.html",
            ticket=ticket,
            groups=groups_of(ticket, standing),
            facts=facts_of(ticket.requester, "account"),
            company_facts=facts_of(ticket.organisation, "organisation") if ticket.organisation else [],
            own=own,
            companys=companys,
            notes=notes_about(ticket),
            may_note=Right.HANDLE in standing.rights(ticket) and visitor.may("can_edit", "TicketModelView"),
            longest=LONGEST_NOTE,
        )

    @expose(f"/{NUMBER}/customer-note", methods=["POST"])
    @requires("edit")
    def customer_note(self, number: int) -> ResponseReturnValue:
        with transaction():
            of_company = request.form.get("about") == "organisation"
            add_note(locked(number), request.form.get("text", ""), by=visitor.account(), of_company=of_company)
        return redirect(f"/desk/tickets/{number}/customer", 303)

    @expose(f"/{NUMBER}/customer-note/<int(max=2147483647):note_id>/forget", methods=["POST"])
    @requires("edit")
    def forget_note(self, number: int, note_id: int) -> ResponseReturnValue:
        with transaction():
            remove_note(locked(number), note_id, by=visitor.account())
        return redirect(f"/desk/tickets/{number}/customer", 303)
