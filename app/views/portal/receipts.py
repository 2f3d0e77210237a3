"""Proof of receipt: a page and a PDF for who may see the message, and a public page that checks them."""

from __future__ import annotations

import logging
from subprocess import SubprocessError

from flask import Response, abort, current_app
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import FileField, StringField
from wtforms.validators import Length

from app.access import NotFound, get_ticket, sees_message
from app.access.net import BEYOND
from app.desk.receipts import NotGenuine, Receipt, receipt_of, seal, seal_file, unseal, unseal_file
from app.extensions import db
from app.locale import language, when
from app.models.journal import JournalEntry
from app.models.ticket import Message, MessageKind, Ticket
from app.processes.paper import draw
from app.views import visitor
from app.views.doors import requires
from app.views.portal.forms import CHANNEL_NAMES

LARGEST_FILE = 2 * 2**20
log = logging.getLogger(__name__)


class VerifyForm(FlaskForm):
    """What somebody holds: the PDF, or the word at the end of its address."""

    file = FileField(_l("The PDF"))
    word = StringField(_l("Or the code of the receipt"), validators=[Length(max=4000)])


class ReceiptView(BaseView):
    """The proof of one customer message."""

    route_base = "/tickets"
    default_view = "page"

    @expose("/<int:number>/receipt/<int:message_id>")
    @requires("show")
    def page(self, number: int, message_id: int) -> ResponseReturnValue:
        ticket, receipt = _found(number, message_id)
        return self.render_template("portal/receipt.html", ticket=ticket, facts=_facts(receipt), link=_link(receipt))

    @expose("/<int:number>/receipt/<int:message_id>.pdf")
    @requires("show")
    def pdf(self, number: int, message_id: int) -> ResponseReturnValue:
        _ticket, receipt = _found(number, message_id)
        words = {
            "title": _("Proof of receipt"),
            "language": language(),
            "facts": _facts(receipt),
            "text": _("Whoever holds this document can check it at this address, or upload the file there:"),
            "link": _link(receipt),
        }
        try:
            content = draw(words)
        except (OSError, SubprocessError):
            log.exception("A receipt could not be drawn")
            abort(503)
        answer = Response(seal_file(content, receipt, _secret()), mimetype="application/pdf")
        answer.headers["Content-Disposition"] = f'attachment; filename="receipt-{number}-{message_id}.pdf"'
        return answer


class VerifyView(BaseView):
    """Open to everybody: says whether a receipt is genuine, and of what."""

    route_base = "/receipts"
    default_view = "page"

    @expose("/", methods=["GET", "POST"])
    def page(self) -> ResponseReturnValue:
        form = VerifyForm()
        if not form.validate_on_submit():
            return self.render_template("portal/verify.html", form=form, facts=None, asked=False)
        upload = form.file.data
        content = upload.stream.read(LARGEST_FILE) if upload and upload.filename else b""
        try:
            receipt = unseal_file(content, _secret()) if content else unseal(_word(form.word.data), _secret())
        except NotGenuine:
            return self._answer(form, None)
        return self._answer(form, receipt)

    @expose("/<word>")
    def check(self, word: str) -> ResponseReturnValue:
        try:
            return self._answer(VerifyForm(), unseal(word, _secret()))
        except NotGenuine:
            return self._answer(VerifyForm(), None)

    def _answer(self, form: VerifyForm, receipt: Receipt | None) -> ResponseReturnValue:
        facts = _facts(receipt) if receipt else None
        page = self.render_template("portal/verify.html", form=form, facts=facts, asked=True)
        return page, 200 if receipt else 422


def _found(number: int, message_id: int) -> tuple[Ticket, Receipt]:
    """The ticket and the receipt of one of its customer messages. Raises NotFound."""
    standing = visitor.standing()
    ticket = get_ticket(db.session(), standing, number)
    query = (
        select(Message, JournalEntry.sha256)
        .outerjoin(JournalEntry, JournalEntry.id == Message.journal_id)
        .where(Message.id == message_id, Message.ticket_id == ticket.id, sees_message(standing))
        .where(Message.kind == MessageKind.CUSTOMER)
        .options(selectinload(Message.attachments))
    )
    row = db.session.execute(query, execution_options=BEYOND).first()  # the letter's hash is its writer's to know
    if row is None:
        raise NotFound
    message, letter_sha256 = row
    return ticket, receipt_of(message, number=ticket.number, subject=ticket.subject, letter_sha256=letter_sha256)


def _facts(receipt: Receipt) -> list[tuple[str, str]]:
    """Names and values; instants in the reader's language and zone, to the second."""
    return [
        (_("Ticket"), f"#{receipt.number}"),
        (_("Came by"), str(CHANNEL_NAMES.get(receipt.channel, receipt.channel))),
        (_("Arrived"), when(receipt.arrived_at, "long")),
        (_("Counts as received"), when(receipt.counts_as_received_at, "long")),
        (_("SHA-256 of what was sent"), receipt.sha256),
    ]


def _link(receipt: Receipt) -> str:
    settings = current_app.extensions["settings"]
    return f"{settings.base_url}/receipts/{seal(receipt, _secret())}"


def _word(text: str | None) -> str:
    """The word itself, also where the whole address was pasted."""
    return (text or "").strip().rsplit("/", 1)[-1]


def _secret() -> str:
    secret: str = current_app.extensions["settings"].secret_key
    return secret
