"""Messages and attachments by API."""

from __future__ import annotations

from io import BytesIO
from typing import Any, ClassVar

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_appbuilder.api import expose, permission_name, protect
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import LARGEST_ID, NotFound, Right, get_attachment, sees_attachments, sees_messages
from app.desk import mentions, tickets
from app.desk.joining import check_goes_on
from app.extensions import db
from app.models.ticket import Attachment, Message, MessageKind, Ticket
from app.views import visitor
from app.views.api import relations
from app.views.api.asked import Filterable
from app.views.api.bodies import NewAttachment, NewMessage
from app.views.api.body import read
from app.views.api.refusals import Forbidden, Missing, Unfit
from app.views.api.resource import Resource
from app.views.api.schemas import NAMED, AttachmentSchema, MessageSchema, item_of
from app.views.api.words import Sent, contribution, stored, uploaded
from app.views.api.writing import Given, Postable
from app.views.desk.grid import visible
from app.views.portal.files import as_file


class MessageApi(Postable):
    resource_name = "message"
    datamodel = Resource.over(Message)
    clause = staticmethod(sees_messages)
    base_filters = visible(sees_messages)
    list_model_schema, show_model_schema = MessageSchema(), item_of(MessageSchema)
    add_model_schema = NewMessage()
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

    def prepare(self, given: Given) -> Any:
        relations.ticket(given["ticket"], may=Right.WRITE, key="ticket", lock=False)  # before any file is kept
        return contribution(given)

    def add(self, given: Given, prepared: Any) -> Message:
        """S12: as the customer, as the consultant, or as a note, by what the account may do with the ticket."""
        ticket, me = relations.ticket(given["ticket"], may=Right.WRITE, key="ticket"), visitor.account()
        kind = _kind(ticket, given)
        if kind == MessageKind.NOTE:
            note = tickets.note(ticket, prepared, by=me)
            mentions.mention(note)
            return note
        if kind == MessageKind.CONSULTANT:
            check_goes_on(ticket, me)
            return tickets.answer(ticket, prepared, by=me, then=given.get("then"))
        return tickets.customer_reply(ticket, prepared, by=me)


def _kind(ticket: Ticket, given: Given) -> str:
    """As what the account speaks. Raises Forbidden, Unfit."""
    handles = Right.HANDLE in visitor.standing().rights(ticket)
    kind: str = given.get("kind") or (MessageKind.CONSULTANT if handles else MessageKind.CUSTOMER)
    is_customer = not handles or ticket.requester_id == visitor.account().id
    if not (is_customer if kind == MessageKind.CUSTOMER else handles):
        raise Forbidden
    if "then" in given and kind != MessageKind.CONSULTANT:
        raise Unfit({"then": _("Only a consultant's answer moves the ticket on.")})
    return kind


class AttachmentApi(Postable):
    resource_name = "attachment"
    datamodel = Resource.over(Attachment)
    clause = staticmethod(sees_attachments)
    base_filters = visible(sees_attachments)
    include_route_methods: ClassVar[set[str]] = {*Postable.include_route_methods, "content"}
    list_model_schema, show_model_schema = AttachmentSchema(), item_of(AttachmentSchema)
    add_model_schema = NewAttachment()
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

    @expose("/", methods=["POST"])
    @protect()
    @permission_name("post")
    def post(self) -> Response:
        """Add a file to a message of one's own.
        ---
        post:
          parameters:
          - Idempotency-Key
          requestBody:
            required: true
            content:
              application/json:
                schema: {$ref: '#/components/schemas/AttachmentApi.post'}
              multipart/form-data:
                schema:
                  type: object
                  required: [message, file]
                  properties:
                    message: {type: integer}
                    file: {type: string, format: binary}
          responses:
            201: The new attachment
        """
        if request.mimetype == "multipart/form-data":
            return self.added(uploaded(request))
        return self.added(read(request, self.add_model_schema))

    def prepare(self, given: Given) -> Any:
        _own_message(given["message"])  # before the file is kept
        return stored([Sent(given["name"], BytesIO(given["content"]))])

    def add(self, given: Given, prepared: Any) -> Attachment:
        """Only who wrote the message adds to it, and only while he may write in its ticket."""
        message = _own_message(given["message"])
        relations.ticket(message.ticket_id, may=Right.WRITE)
        tickets.attach(message, prepared, by=visitor.account())
        return message.attachments[-1]

    @expose("/<int:pk>/content", methods=["GET"])
    @protect()
    @permission_name("get")
    def content(self, pk: int) -> ResponseReturnValue:
        """The bytes of the file; a part of them by Range.
        ---
        get:
          parameters:
          - {in: path, name: pk, schema: {type: integer}, required: true}
          responses: a file
        """
        try:
            return as_file(get_attachment(db.session(), visitor.standing(), pk))
        except NotFound:
            raise Missing from None


def _own_message(message_id: int) -> Message:
    """The message of that id, written by this account. Raises Missing; Forbidden for another's."""
    row = None
    if 0 < message_id <= LARGEST_ID:
        query = select(Message).where(Message.id == message_id, sees_messages(visitor.standing()))
        row = db.session.scalars(query).one_or_none()
    if row is None:
        raise Missing("message")
    if row.author_id != visitor.account().id or row.kind == MessageKind.SYSTEM:
        raise Forbidden
    return row
