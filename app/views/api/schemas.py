"""How rows look outside: the columns that design and OpenAPI promise, instants by ISO 8601 in UTC."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema
from marshmallow import fields as kinds

from app.locale import called
from app.models.account import Account

NAMED = (Account.first_name, Account.last_name, Account.email)  # what a name is made of


class Named(Schema):
    """Something that has a name: a product group, an organisation, a person."""

    id = kinds.Integer(required=True)
    name = kinds.String(required=True)


class GroupName(kinds.String):
    """What a product group is called in the language of the request."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return called(getattr(obj, "product_group", obj))


class NamedGroup(Named):
    name = GroupName(required=True, metadata={"description": "In the language of the request"})


class TicketKey(Schema):
    id = kinds.Integer(required=True)
    number = kinds.Integer(required=True)


class MailboxKey(Schema):
    id = kinds.Integer(required=True)
    address = kinds.String(required=True)


class MessageKey(Schema):
    id = kinds.Integer(required=True)


class TicketSchema(Schema):
    id = kinds.Integer()
    number = kinds.Integer()
    subject = kinds.String()
    status = kinds.String()
    product_group = kinds.Nested(NamedGroup)
    requester = kinds.Nested(Named)
    organisation = kinds.Nested(Named, allow_none=True)
    arrived_at = kinds.DateTime()
    counts_as_received_at = kinds.DateTime()
    updated_at = kinds.DateTime()
    due_at = kinds.DateTime(allow_none=True)
    fields = kinds.Dict()  # type: ignore[assignment]  # Marshmallow takes declared fields off the class


class LevelSchema(Schema):
    """A service level: what is promised, in minutes of working time, of the tickets that it fits."""

    id = kinds.Integer()
    name = kinds.String()
    priority = kinds.String(allow_none=True, metadata={"description": "Null fits every one, as of the next two"})
    product_group = kinds.Nested(NamedGroup, allow_none=True)
    organisation = kinds.Nested(Named, allow_none=True)
    first_minutes = kinds.Integer(allow_none=True)
    next_minutes = kinds.Integer(allow_none=True)
    solution_minutes = kinds.Integer(allow_none=True)
    warn_percent = kinds.Integer(metadata={"description": "Of the time, after which somebody is warned; 100 is never"})
    pause_for_third_party = kinds.Boolean()
    active = kinds.Boolean()


class IntakeRuleSchema(Schema):
    """A rule about incoming letters: all conditions that are given must hold; empty ones are none."""

    id = kinds.Integer()
    name = kinds.String()
    position = kinds.Integer(metadata={"description": "Rules are asked in this order"})
    active = kinds.Boolean()
    mailbox = kinds.Nested(MailboxKey, allow_none=True)
    sender = kinds.String(metadata={"description": "A whole address, or @ and a domain"})
    subject = kinds.String()
    header = kinds.String()
    holds = kinds.String()
    larger_than = kinds.Integer(allow_none=True, metadata={"description": "KiB"})
    act = kinds.String()
    words = kinds.String(metadata={"description": "The reason that people read, or the tag"})
    product_group = kinds.Nested(NamedGroup, allow_none=True)
    priority = kinds.String(metadata={"description": "Empty where the rule sets none"})


class TermSchema(Schema):
    """A promise: minutes of working time; `due_at` is null while its clock stands."""

    kind = kinds.String()
    level = kinds.String()
    minutes = kinds.Integer()
    starts_at = kinds.DateTime()
    due_at = kinds.DateTime(allow_none=True)
    met_at = kinds.DateTime(allow_none=True)
    escalated_at = kinds.DateTime(allow_none=True)


class ConfirmationSchema(Schema):
    """Of a call: until when its customer has to confirm it, and what became of it."""

    due_at = kinds.DateTime()
    reminded_at = kinds.DateTime(allow_none=True)
    confirmed_at = kinds.DateTime(allow_none=True)
    lapsed_at = kinds.DateTime(allow_none=True)


class TicketItemSchema(TicketSchema):
    """A single ticket tells more: what its acts change."""

    priority = kinds.String()
    assignee = kinds.Nested(Named, allow_none=True)
    confidential = kinds.Boolean()
    confirmation = kinds.Nested(ConfirmationSchema, allow_none=True)
    terms = kinds.List(kinds.Nested(TermSchema))


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


class CallSchema(Schema):
    """A call of the telephone exchange; it waits while `settled_at` is null."""

    id = kinds.Integer()
    call_id = kinds.String(metadata={"description": "The exchange's own"})
    caller = kinds.String(metadata={"description": "Empty where the number was withheld or is none"})
    caller_text = kinds.String(allow_none=True, metadata={"description": "What was sent as the number and is none"})
    digits = kinds.String()
    product_group = kinds.Nested(NamedGroup, allow_none=True)
    came_at = kinds.DateTime()
    seconds = kinds.Integer(allow_none=True)
    recording = kinds.String(allow_none=True)
    settled_at = kinds.DateTime(allow_none=True)
    ticket = kinds.Nested(TicketKey, allow_none=True)


class EventSchema(Schema):
    """A line of a ticket's history."""

    id = kinds.Integer()
    ticket = kinds.Nested(TicketKey)
    message = kinds.Nested(MessageKey, allow_none=True)
    kind = kinds.String()
    actor = kinds.Nested(Named, allow_none=True)
    created_at = kinds.DateTime()
    text = kinds.String(metadata={"description": "What happened, in the language of the request"})


class GroupKey(Schema):
    """A chosen product group."""

    id = kinds.Integer(attribute="product_group_id")


class Belonging(Schema):
    """An account's place in an organisation."""

    id = kinds.Integer(required=True, attribute="organisation.id")
    name = kinds.String(required=True, attribute="organisation.name")
    sharing = kinds.String(required=True)
    product_groups = kinds.Pluck(GroupKey, "id", many=True, attribute="groups", required=True)


class Answered(Schema):
    """A product group in which an account has a level: see, answer or manage."""

    id = kinds.Integer(required=True, attribute="product_group.id")
    name = GroupName(required=True, attribute="product_group.name")
    level = kinds.String(required=True)


class MailDomain(Schema):
    domain = kinds.String()


class AccountSchema(Schema):
    id = kinds.Integer()
    email = kinds.String()
    first_name = kinds.String()
    last_name = kinds.String()
    telephone = kinds.String(allow_none=True)
    language = kinds.String(attribute="locale", allow_none=True)
    timezone = kinds.String(allow_none=True)
    active = kinds.Boolean()
    roles = kinds.Pluck(Named, "name", many=True)
    organisations = kinds.Nested(Belonging, attribute="memberships", many=True)
    product_groups = kinds.Nested(Answered, attribute="assignments", many=True)
    fields = kinds.Dict()  # type: ignore[assignment]  # Marshmallow takes declared fields off the class


class OrganisationSchema(Schema):
    id = kinds.Integer()
    name = kinds.String()
    domains = kinds.Pluck(MailDomain, "domain", many=True)
    calendar = kinds.Nested(Named, allow_none=True)
    created_at = kinds.DateTime()
    fields = kinds.Dict()  # type: ignore[assignment]  # Marshmallow takes declared fields off the class


class ProductGroupSchema(Schema):
    id = kinds.Integer()
    name = kinds.String()
    names = kinds.Dict(keys=kinds.String(), values=kinds.String(), metadata={"description": "By language"})
    menu_digit = kinds.String(allow_none=True)
    position = kinds.Integer()
    active = kinds.Boolean()
    calendar = kinds.Nested(Named)


class MailboxSchema(Schema):
    id = kinds.Integer()
    address = kinds.String()
    name = kinds.String()
    product_group = kinds.Nested(NamedGroup)
    active = kinds.Boolean()


class StateSchema(Schema):
    code = kinds.String()
    kind = kinds.String()
    name_pl = kinds.String()
    name_en = kinds.String()
    names = kinds.Dict(keys=kinds.String(), values=kinds.String(), metadata={"description": "In further languages"})
    position = kinds.Integer()


class CalendarSchema(Schema):
    id = kinds.Integer()
    name = kinds.String()
    version = kinds.Integer()
    definition = kinds.Dict()


def item_of(listed: type[Schema]) -> Schema:
    """The same columns for a single row; FAB describes lists and items each by a class of its own."""
    return type(f"{listed.__name__}Item", (listed,), {})()
