"""The journal of letters by API: what became of them, and letters that a program hands over."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, current_app, request
from flask_appbuilder.api import expose, permission_name, protect
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import sees_journal
from app.events.wake import INTAKE, wake
from app.extensions import db
from app.mail.receive import Envelope, Receiver, base_address
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.ticket import Ticket
from app.views.api.asked import Filterable
from app.views.api.bodies import HandedLetter
from app.views.api.body import fit, read
from app.views.api.refusals import TooLarge, Unfit
from app.views.api.resource import Resource
from app.views.api.schemas import JournalSchema, item_of
from app.views.api.writing import Given, Postable
from app.views.desk.grid import visible

RAW = "message/rfc822"


class JournalApi(Postable):
    """Handing over needs `can_post`, which administrators hold; a program comes with a key of theirs that writes."""

    resource_name = "journal"
    datamodel = Resource.over(JournalEntry)
    clause = staticmethod(sees_journal)
    base_filters = visible(sees_journal)
    list_model_schema, show_model_schema = JournalSchema(), item_of(JournalSchema)
    add_model_schema: ClassVar[HandedLetter] = HandedLetter()
    list_columns = show_columns = list(JournalSchema._declared_fields)
    eager = (joinedload(JournalEntry.mailbox), joinedload(JournalEntry.ticket).load_only(Ticket.number))
    filterable = {
        "id": Filterable(JournalEntry.id),
        "mailbox": Filterable(JournalEntry.mailbox_id, relation=True),
        "message_id": Filterable(JournalEntry.message_id),
        "outcome": Filterable(JournalEntry.outcome),
        "reason": Filterable(JournalEntry.reason),
        "ticket": Filterable(JournalEntry.ticket_id, relation=True),
    }
    sortable = {"id": JournalEntry.id}

    @expose("/", methods=["POST"])
    @protect()
    @permission_name("post")
    def post(self) -> Response:
        """Hand over a raw letter, as if it had come by SMTP.
        ---
        post:
          parameters:
          - Idempotency-Key
          - in: query
            name: recipient
            description: Beside message/rfc822, the mailbox's address that it was sent to, plus part included
            schema: {type: string}
          - in: query
            name: sender
            description: Beside message/rfc822, the envelope's sender where it is known; empty for the null path
            schema: {type: string}
          requestBody:
            required: true
            content:
              application/json:
                schema: {$ref: '#/components/schemas/JournalApi.post'}
              message/rfc822: {}
          responses:
            201: The letter is kept; it is read next
        """
        answer = self.added(_raw_letter() if request.mimetype == RAW else read(request, self.add_model_schema))
        wake(current_app.extensions["redis"], (INTAKE,))
        return answer

    def prepare(self, given: Given) -> str:
        """The bytes are durable before any row names them."""
        _mailbox(given["recipient"])
        if not given["content"]:
            raise Unfit({"content": _("The letter is empty.")})
        settings = current_app.extensions["settings"]
        if len(given["content"]) > settings.letter_limit:
            receiver = Receiver(settings)
            try:
                known = Envelope((given["recipient"],), "api", given.get("sender"), request.remote_addr)
                receiver.keep_refused(given["content"], known)
            finally:
                receiver.close()
            raise TooLarge(_("The letter is larger than BILETY_LETTER_LIMIT."))
        kept: str = current_app.extensions["files"].put(given["content"])
        return kept

    def add(self, given: Given, prepared: Any) -> JournalEntry:
        row = JournalEntry(
            mailbox=_mailbox(given["recipient"]),
            recipient=given["recipient"],
            envelope_from=given.get("sender"),
            transport="api",
            peer=request.remote_addr,
            sha256=prepared,
            size=len(given["content"]),
        )
        db.session.add(row)
        return row


def _raw_letter() -> dict[str, Any]:
    """The body as it is, and what JSON would say beside it from the address. Raises Unfit."""
    return {**fit(HandedLetter(exclude=["content"]), request.args.to_dict()), "content": request.get_data(cache=False)}


def _mailbox(recipient: str) -> Mailbox:
    """Raises Unfit for an address that takes no letters."""
    query = select(Mailbox).where(Mailbox.address == base_address(recipient), Mailbox.active)
    row = db.session.scalars(query).one_or_none()
    if row is None:
        raise Unfit({"recipient": _("This is the address of none of our mailboxes.")})
    return row
