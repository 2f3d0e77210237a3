"""What happened to tickets, by API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from app.access import Standing, sees_event, sees_ticket
from app.models.event import Event
from app.models.ticket import Message, Ticket
from app.views.api.asked import Filterable
from app.views.api.resource import Resource
from app.views.api.schemas import NAMED, EventSchema, item_of
from app.views.desk.grid import visible
from app.views.desk.history import lines_of


def sees_events(standing: Standing) -> ColumnElement[bool]:
    """The rows of Event whose ticket this account sees, found as `sees_messages` finds messages."""
    if standing.is_staff:
        return and_(Event.ticket.has(sees_ticket(standing)), sees_event(standing))
    return and_(Event.ticket_id.in_(select(Ticket.id).where(sees_ticket(standing))), sees_event(standing))


class EventApi(Resource):
    resource_name = "event"
    datamodel = Resource.over(Event)
    clause = staticmethod(sees_events)
    base_filters = visible(sees_events)
    list_model_schema, show_model_schema = EventSchema(), item_of(EventSchema)
    list_columns = show_columns = list(EventSchema._declared_fields)
    eager = (
        joinedload(Event.ticket).load_only(Ticket.number),
        joinedload(Event.message).load_only(Message.id),
        joinedload(Event.actor).load_only(*NAMED),
    )
    filterable = {
        "id": Filterable(Event.id),
        "ticket": Filterable(Event.ticket_id, relation=True),
        "message": Filterable(Event.message_id, relation=True),
        "kind": Filterable(Event.kind),
        "actor": Filterable(Event.actor_id, relation=True),
        "created_at": Filterable(Event.created_at),
    }
    sortable = {"id": Event.id}

    def plain(self, schema: Schema, rows: Sequence[Any]) -> list[dict[str, Any]]:
        """Each event with its line, as the ticket's page shows it."""
        lines = lines_of(rows)
        return [event | {"text": line.what} for event, line in zip(super().plain(schema, rows), lines, strict=True)]
