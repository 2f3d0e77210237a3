"""Tickets by API, and every act of their pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.access import Right, sees_ticket, tickets_of
from app.desk import field_values, tickets
from app.desk.field_values import OWNER, UnfitFields
from app.desk.participants import set_confidential
from app.models.ticket import Channel, Priority, Ticket
from app.views import visitor
from app.views.api import relations
from app.views.api.acting import Acting, add_acts, bodies_of, methods_of
from app.views.api.acts import ACTS
from app.views.api.asked import Filterable
from app.views.api.bodies import NewTicket, TicketChange
from app.views.api.fields import WithFields, read_fields, unfit
from app.views.api.refusals import Unfit
from app.views.api.resource import Resource
from app.views.api.schemas import NAMED, TicketItemSchema, TicketSchema
from app.views.api.words import contribution
from app.views.api.writing import Changeable, Given, Postable, refuse
from app.views.desk.grid import visible

HANDLED = ("status", "priority", "assignee")  # what only the desk changes


class TicketApi(WithFields, Postable, Changeable, Acting):
    owner = OWNER
    resource_name = "ticket"
    datamodel = Resource.over(Ticket)
    clause = staticmethod(sees_ticket)
    listed = staticmethod(tickets_of)
    base_filters = visible(sees_ticket)
    include_route_methods: ClassVar[set[str]] = {
        *Postable.include_route_methods,
        "file",
        "put",
        *methods_of(ACTS),
    }
    openapi_spec_component_schemas = bodies_of(ACTS)
    list_model_schema, show_model_schema = TicketSchema(), TicketItemSchema()
    add_model_schema, edit_model_schema = NewTicket(), TicketChange()
    list_columns = list(TicketSchema._declared_fields)
    show_columns = list(TicketItemSchema._declared_fields)
    eager = (
        joinedload(Ticket.product_group),
        joinedload(Ticket.organisation),
        joinedload(Ticket.requester).load_only(*NAMED),
        joinedload(Ticket.assignee).load_only(*NAMED),
    )
    filterable = {
        "id": Filterable(Ticket.id),
        "number": Filterable(Ticket.number),
        "subject": Filterable(Ticket.subject),
        "status": Filterable(Ticket.status),
        "product_group": Filterable(Ticket.product_group_id, relation=True),
        "requester": Filterable(Ticket.requester_id, relation=True),
        "organisation": Filterable(Ticket.organisation_id, relation=True),
        "arrived_at": Filterable(Ticket.arrived_at),
        "counts_as_received_at": Filterable(Ticket.counts_as_received_at),
        "updated_at": Filterable(Ticket.updated_at),
        "due_at": Filterable(Ticket.due_at),
    }
    sortable = {
        "id": Ticket.id,
        "number": Ticket.number,
        "arrived_at": Ticket.arrived_at,
        "updated_at": Ticket.updated_at,
    }

    def prepare(self, given: Given) -> Any:
        return contribution(given)

    def add(self, given: Given, prepared: Any) -> Ticket:
        """A ticket of one's own, or of a customer whom one's product groups serve: he may have called (S6)."""
        me = visitor.account()
        requester = relations.requester(given.get("requester"))
        called = given.get("by_telephone", False)
        if called and requester is me:
            raise Unfit({"by_telephone": _("Only the desk writes down calls, for the customer who called.")})
        group = relations.product_group(given["product_group"], on_behalf=requester is not me)
        try:
            return tickets.open_ticket(
                requester=requester,
                product_group=group,
                organisation=relations.organisation_of(requester, given.get("organisation")),
                subject=given["subject"],
                contribution=replace(prepared, channel=Channel.TELEPHONE) if called else prepared,
                by=me,
                priority=given.get("priority", Priority.NORMAL),
                to_be_confirmed=called,
                confidential=given.get("confidential", False),
                fields=read_fields(given.get("fields", {}), OWNER, product_group_id=group.id),
            )
        except UnfitFields as error:
            raise unfit(error, OWNER) from error

    def change(self, pk: int, given: Given) -> None:
        ticket, me = relations.ticket(pk, may=Right.WRITE), visitor.account()
        if Right.HANDLE not in visitor.standing().rights(ticket):
            refuse(name for name in HANDLED if name in given)
        if "confidential" in given and Right.HIDE not in visitor.standing().rights(ticket):
            refuse(["confidential"])
        if "fields" in given:
            _fill(ticket, given["fields"])
        if "subject" in given:
            tickets.rename(ticket, to=given["subject"], by=me)
        if "priority" in given:
            tickets.set_priority(ticket, to=given["priority"], by=me)
        if "assignee" in given:
            tickets.assign(ticket, to=relations.assignee(given["assignee"]), by=me)
        if "confidential" in given:
            set_confidential(ticket, to=given["confidential"], by=me)
        if "status" in given:
            tickets.move(ticket, to=given["status"], by=me)

    def locked(self, pk: int, right: Right) -> Ticket:
        return relations.ticket(pk, may=right)


def _fill(ticket: Ticket, given: Given) -> None:
    """Change the fields that are named. Raises Unfit."""
    try:
        values = read_fields(given, OWNER, product_group_id=ticket.product_group_id, before=ticket)
        field_values.fill(ticket, values, by=visitor.account())
    except UnfitFields as error:
        raise unfit(error, OWNER) from error


add_acts(TicketApi, ACTS)
