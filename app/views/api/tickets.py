"""Tickets, messages and attachments by API."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from app.access import Standing, sees_message, sees_ticket, tickets_of
from app.models.account import Account
from app.models.ticket import Attachment, Message, Ticket
from app.views.api.asked import Filterable
from app.views.api.resource import Resource
from app.views.api.schemas import AttachmentSchema, MessageSchema, TicketSchema, item_of
from app.views.desk.grid import visible

NAMED = (Account.first_name, Account.last_name, Account.email)


def sees_messages(standing: Standing) -> ColumnElement[bool]:
    """The rows of Message whose ticket this account sees, notes only for the desk.

    The desk sees most rows, so each is looked at as the list comes to it; a customer sees few: those are found first.
    """
    if standing.is_staff:
        return and_(Message.ticket.has(sees_ticket(standing)), sees_message(standing))
    return and_(Message.ticket_id.in_(select(Ticket.id).where(sees_ticket(standing))), sees_message(standing))


def sees_attachments(standing: Standing) -> ColumnElement[bool]:
    """The rows of Attachment whose message this account may read."""
    if standing.is_staff:
        return Attachment.message.has(sees_messages(standing))
    return Attachment.message_id.in_(select(Message.id).where(sees_messages(standing)))


class TicketApi(Resource):
    resource_name = "ticket"
    datamodel = Resource.over(Ticket)
    clause = staticmethod(sees_ticket)
    listed = staticmethod(tickets_of)
    base_filters = visible(sees_ticket)
    list_model_schema, show_model_schema = TicketSchema(), item_of(TicketSchema)
    list_columns = show_columns = list(TicketSchema._declared_fields)
    eager = (
        joinedload(Ticket.product_group),
        joinedload(Ticket.organisation),
        joinedload(Ticket.requester).load_only(*NAMED),
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
    }
    sortable = {
        "id": Ticket.id,
        "number": Ticket.number,
        "arrived_at": Ticket.arrived_at,
        "updated_at": Ticket.updated_at,
    }


class MessageApi(Resource):
    resource_name = "message"
    datamodel = Resource.over(Message)
    clause = staticmethod(sees_messages)
    base_filters = visible(sees_messages)
    list_model_schema, show_model_schema = MessageSchema(), item_of(MessageSchema)
    list_columns = show_columns = list(MessageSchema._declared_fields)
    eager = (
        joinedload(Message.ticket).load_only(Ticket.number),
        joinedload(Message.author).load_only(*NAMED),
    )
    filterable = {
        "id": Filterable(Message.id),
        "ticket": Filterable(Message.ticket_id, relation=True),
        "author": Filterable(Message.author_id, relation=True),
        "kind": Filterable(Message.kind),
        "text": Filterable(Message.text),
        "html": Filterable(Message.html),
        "arrived_at": Filterable(Message.arrived_at),
        "counts_as_received_at": Filterable(Message.counts_as_received_at),
    }
    sortable = {"id": Message.id}


class AttachmentApi(Resource):
    resource_name = "attachment"
    datamodel = Resource.over(Attachment)
    clause = staticmethod(sees_attachments)
    base_filters = visible(sees_attachments)
    list_model_schema, show_model_schema = AttachmentSchema(), item_of(AttachmentSchema)
    list_columns = show_columns = list(AttachmentSchema._declared_fields)
    eager = (joinedload(Attachment.message).load_only(Message.id),)
    filterable = {
        "id": Filterable(Attachment.id),
        "message": Filterable(Attachment.message_id, relation=True),
        "name": Filterable(Attachment.name),
        "size": Filterable(Attachment.size),
        "content_type": Filterable(Attachment.content_type),
    }
    sortable = {"id": Attachment.id}
