"""Letters that went out, and those that could not."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.access import sees_records
from app.events.transaction import transaction
from app.mail.send import retry
from app.models.account import Account
from app.models.event import FAILED, SENT, SUPPRESSED, WAITING, Letter
from app.models.ranges import Order, Rows
from app.models.ticket import Ticket
from app.views.admin.journal import ticket_link
from app.views.admin.names import READERS, TEMPLATES, called
from app.views.desk.grid import ROW_ID, GridView, visible
from app.views.desk.letters_of import NotFailed
from app.views.doors import requires
from app.views.frame import framed_own

STATES = {
    WAITING: _l("Waiting to be sent"),
    SENT: _l("Sent"),
    FAILED: _l("Given up"),
    SUPPRESSED: _l("Not sent: its reader may not read it any more, or was answered too often"),
}


class LetterModelView(GridView):
    route_base = "/desk/letters"
    datamodel = GridView.over(Letter)
    clause = staticmethod(sees_records)
    base_filters = visible(sees_records)
    include_route_methods = {"list", "show", "letter", "retry"}
    show_template = "desk/sent_letter.html"
    order = Order(Letter.id, Letter.id)
    eager = (
        joinedload(Letter.account).load_only(Account.email, Account.first_name, Account.last_name),
        joinedload(Letter.ticket).load_only(Ticket.number),
    )
    list_title = _l("Outgoing letters")
    hint = _l("A letter that could not be sent is tried again by itself for about a day, and then waits here.")
    add_columns = edit_columns = ["id"]
    label_columns = {
        "id": _l("Letter"),
        "template": _l("Template"),
        "account": _l("Reader"),
        "ticket": _l("Ticket"),
        "state": _l("State"),
        "attempts": _l("Attempts"),
        "last_error": _l("Last error"),
        "created_at": _l("Written"),
        "sent_at": _l("Sent"),
        "reason": _l("Why this reader"),
        "message_id": _l("Message-ID"),
        "answer": _l("Words of the consultant"),
    }
    list_columns = ["template", "account", "ticket", "created_at", "state", "attempts", "last_error"]
    show_columns = [*list_columns, "reason", "message_id", "sent_at", "answer"]
    formatters_columns = {
        "template": lambda row: called(TEMPLATES, row.template),
        "account": lambda row: row.account.email,
        "ticket": lambda row: ticket_link(row.ticket),
        "reason": lambda row: called(READERS, row.reason),
        "answer": lambda row: row.answer["words"] if row.answer else None,
        "state": lambda row: STATES.get(row.state, row.state),
    }

    @expose(f"/show/{ROW_ID}/letter")
    @requires("show")
    def letter(self, pk: int) -> ResponseReturnValue:
        """The frame of the letter, as it would leave now."""
        return framed_own(self.row(pk))

    @expose(f"/show/{ROW_ID}/retry", methods=["POST"])
    @requires("retry")
    def retry(self, pk: int) -> ResponseReturnValue:
        """Owe a letter that was given up once more."""
        with transaction():
            letter = self.row(pk)
            if letter.state != FAILED:
                raise NotFailed
            retry(letter)
        flash(_("The letter will be sent again now."), "success")
        return redirect(self.address(f"show/{pk}"), 303)

    def rows(self) -> Rows:
        rows, state = super().rows(), request.args.get("state", "")
        return rows.where(Letter.state == state) if state in STATES else rows

    def choices(self) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
        return [("state", _l("State"), list(STATES.items()))]

    def acts(self, row: Letter) -> list[tuple[Any, str]]:
        failed = row.state == FAILED and self.offers("retry")
        return [(_("Send again"), self.address(f"show/{row.id}/retry"))] if failed else []

    def title_of(self, row: Letter) -> str:
        return f"{called(TEMPLATES, row.template)}: {row.account.email}"
