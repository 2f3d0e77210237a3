"""How rows look outside: the columns that design and OpenAPI promise, instants by ISO 8601 in UTC."""

from __future__ import annotations

from marshmallow import Schema
from marshmallow import fields as kinds

from app.models.account import Account

NAMED = (Account.first_name, Account.last_name, Account.email)  # what a name is made of


class Named(Schema):
    """Something that has a name: a product group, an organisation, a person."""

    id = kinds.Integer()
    name = kinds.String()


class TicketKey(Schema):
    id = kinds.Integer()
    number = kinds.Integer()


class MailboxKey(Schema):
    id = kinds.Integer()
    address = kinds.String()


class MessageKey(Schema):
    id = kinds.Integer()


class TicketSchema(Schema):
    id = kinds.Integer()
    number = kinds.Integer()
    subject = kinds.String()
    status = kinds.String()
    product_group = kinds.Nested(Named)
    requester = kinds.Nested(Named)
    organisation = kinds.Nested(Named, allow_none=True)
    arrived_at = kinds.DateTime()
    counts_as_received_at = kinds.DateTime()
    updated_at = kinds.DateTime()
    fields = kinds.Dict()  # type: ignore[assignment]  # Marshmallow takes declared fields off the class


class TicketItemSchema(TicketSchema):
    """A single ticket tells more: what its acts change."""

    priority = kinds.String()
    assignee = kinds.Nested(Named, allow_none=True)


class MessageSchema(Schema):
    id = kinds.Integer()
    ticket = kinds.Nested(TicketKey)
    author = kinds.Nested(Named, allow_none=True)
    kind = kinds.String()
    text = kinds.String()
    html = kinds.String(allow_none=True)
    arrived_at = kinds.DateTime()
    counts_as_received_at = kinds.DateTime()


class AttachmentSchema(Schema):
    id = kinds.Integer()
    message = kinds.Nested(MessageKey)
    name = kinds.String()
    size = kinds.Integer()
    content_type = kinds.String()


class JournalSchema(Schema):
    id = kinds.Integer()
    mailbox = kinds.Nested(MailboxKey, allow_none=True)
    message_id = kinds.String(allow_none=True)
    outcome = kinds.String()
    reason = kinds.String(allow_none=True)
    ticket = kinds.Nested(TicketKey, allow_none=True)


def item_of(listed: type[Schema]) -> Schema:
    """The same columns for a single row; FAB describes lists and items each by a class of its own."""
    return type(f"{listed.__name__}Item", (listed,), {})()
