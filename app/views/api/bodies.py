"""What each request may say."""

from __future__ import annotations

from marshmallow import fields as kinds

from app.desk.tickets import LONGEST_SUBJECT
from app.desk.uploads import MOST_FILES
from app.models.ticket import MessageKind, Priority
from app.views.api.body import NEEDED, Body, Bytes, Code, Line, RowId, Several, Words
from app.views.portal.forms import LONGEST_TEXT

LONGEST_CODE = 32
SPOKEN = (MessageKind.CUSTOMER, MessageKind.CONSULTANT, MessageKind.NOTE)


class NewFile(Body):
    """A file, its content in base64."""

    name = Line(255, least=1, required=True)
    content = Bytes(required=True)


def files() -> Several:
    return Several(kinds.Nested(NewFile), MOST_FILES)


class NewTicket(Body):
    """A ticket with its first message."""

    subject = Line(LONGEST_SUBJECT, required=True)
    text = Words(LONGEST_TEXT)
    product_group = RowId(required=True)
    priority = Code(*Priority)
    requester = RowId()
    organisation = RowId()
    files = files()


class TicketChange(Body):
    """What may be changed of a ticket; only the keys that are given change."""

    subject = Line(LONGEST_SUBJECT)
    status = Words(LONGEST_CODE)
    priority = Code(*Priority)
    assignee = RowId(allow_none=True)


class NewMessage(Body):
    """One more message of a ticket. Without a kind it is what its author is there."""

    ticket = RowId(required=True)
    kind = Code(*SPOKEN)
    text = Words(LONGEST_TEXT)
    files = files()
    then = Words(LONGEST_CODE)


class NewAttachment(NewFile):
    """A file more for a message of one's own."""

    message = RowId(required=True)


class Form(Body):
    """The same as a form; what `file` holds is looked at apart."""

    message = RowId(required=True)
    file = kinds.Raw(required=True, error_messages=NEEDED)


class Nothing(Body):
    """An act that needs no more words."""


class Assigning(Body):
    """Whom the ticket is given to; null leaves it to nobody."""

    assignee = RowId(required=True, allow_none=True)


class Prioritising(Body):
    priority = Code(*Priority, required=True)


class Moving(Body):
    """The state to move to."""

    status = Words(LONGEST_CODE, required=True)
