"""Tickets by API, and every act of their pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask import Response, request
from flask_appbuilder.api import expose, permission_name, protect
from sqlalchemy.orm import joinedload

from app.access import Right, sees_ticket, tickets_of
from app.desk import tickets
from app.desk.participants import set_confidential
from app.models.ticket import Priority, Ticket
from app.views import visitor
from app.views.api import relations
from app.views.api.acts import ACTS, Act
from app.views.api.asked import Filterable
from app.views.api.bodies import NewTicket, TicketChange
from app.views.api.body import read
from app.views.api.once import Answer, changed_once
from app.views.api.resource import Resource
from app.views.api.schemas import NAMED, TicketItemSchema, TicketSchema
from app.views.api.words import contribution
from app.views.api.writing import Changeable, Given, Postable, as_answer, refuse
from app.views.desk.grid import visible

HANDLED = ("status", "priority", "assignee")  # what only the desk changes


def _method_of(act: str) -> str:
    return f"act_{act.replace('-', '_')}"


class TicketApi(Postable, Changeable):
    resource_name = "ticket"
    datamodel = Resource.over(Ticket)
    clause = staticmethod(sees_ticket)
    listed = staticmethod(tickets_of)
    base_filters = visible(sees_ticket)
    include_route_methods: ClassVar[set[str]] = {
        *Postable.include_route_methods,
        "put",
        *(_method_of(name) for name in ACTS),
    }
    openapi_spec_component_schemas = tuple(dict.fromkeys(act.body for act in ACTS.values()))
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
        """A ticket of one's own, or of a customer whom one's product groups serve."""
        me = visitor.account()
        requester = relations.requester(given.get("requester"))
        return tickets.open_ticket(
            requester=requester,
            product_group=relations.product_group(given["product_group"], on_behalf=requester is not me),
            organisation=relations.organisation_of(requester, given.get("organisation")),
            subject=given["subject"],
            contribution=prepared,
            by=me,
            priority=given.get("priority", Priority.NORMAL),
            confidential=given.get("confidential", False),
        )

    def change(self, pk: int, given: Given) -> None:
        ticket, me = relations.ticket(pk, may=Right.WRITE), visitor.account()
        if Right.HANDLE not in visitor.standing().rights(ticket):
            refuse(name for name in HANDLED if name in given)
        if "confidential" in given and Right.HIDE not in visitor.standing().rights(ticket):
            refuse(["confidential"])
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

    def perform(self, pk: int, act: Act) -> Response:
        """The answer to an act on the ticket."""
        given = read(request, act.body())

        def perform() -> Answer:
            act.perform(relations.ticket(pk, may=act.right), given, visitor.account())
            return as_answer(self, pk)

        return changed_once(200, given, perform)


def _route_of(name: str, act: Act) -> Callable[[TicketApi, int], Response]:
    """The act's own address, described by the act."""

    def route(self: TicketApi, pk: int) -> Response:
        return self.perform(pk, act)

    route.__name__ = _method_of(name)
    route.__doc__ = ACT_DESCRIPTION.format(summary=act.summary, body=act.body.__name__)
    return expose(f"/<int:pk>/{name}", methods=["POST"])(protect()(permission_name("act")(route)))


ACT_DESCRIPTION = """{summary}.
---
post:
  summary: {summary}
  parameters:
  - {{in: path, name: pk, schema: {{type: integer}}, required: true}}
  - Idempotency-Key
  requestBody:
    content:
      application/json:
        schema: {{$ref: '#/components/schemas/{body}'}}
  responses:
    200:
      description: The ticket as it is now
      content:
        application/json:
          schema:
            type: object
            required: [id, result]
            properties:
              id: {{type: integer}}
              result: {{$ref: '#/components/schemas/TicketApi.get'}}
    400: {{$ref: '#/components/responses/400'}}
    401: {{$ref: '#/components/responses/401'}}
    403: {{$ref: '#/components/responses/403'}}
    404: {{$ref: '#/components/responses/404'}}
    415: {{$ref: '#/components/responses/415'}}
    422: {{$ref: '#/components/responses/422'}}
"""

for _name, _act in ACTS.items():
    setattr(TicketApi, _method_of(_name), _route_of(_name, _act))
