"""Behind the button of the letter that asks for a confirmation (S6). Opening the page changes nothing: mail scanners
open links too."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.access import NotFound, Right, get_ticket, standing_of
from app.access.net import BEYOND
from app.desk import confirmations
from app.desk.confirmations import Outcome
from app.events.transaction import transaction
from app.extensions import db
from app.mail import marks
from app.mail.telephone_wording import CONFIRM
from app.models.account import Account
from app.models.call import Way
from app.models.ticket import Ticket
from app.views import visitor
from app.views.portal.letter_links import private
from app.views.second_net import read_for

CONFIRMED: dict[Outcome, Any] = {
    Outcome.CONFIRMED: _l("Thank you: the report is confirmed."),
    Outcome.REOPENED: _l("Thank you: the report is confirmed and open again, although its time had run out."),
    Outcome.ALREADY: _l("The report was confirmed already. Nothing has changed."),
}


class NotTheReader(Exception):
    """Somebody else is signed in, and he may not confirm."""


class ConfirmingView(BaseView):
    """A page for whoever holds the letter; no account is needed."""

    route_base = "/calls/confirm"
    default_view = "page"

    @expose("/<token>")
    def page(self, token: str) -> ResponseReturnValue:
        try:
            ticket, _person = _ticket(token)
        except (NotFound, NotTheReader) as error:
            return self._refused(error)
        shown = self.render_template(
            "portal/confirm_call.html",
            form=FlaskForm(),
            ticket=ticket,
            words=ticket.messages[0].text,
            action=f"/calls/confirm/{token}",
        )
        return private(shown)

    @expose("/<token>", methods=["POST"])
    def confirm(self, token: str) -> ResponseReturnValue:
        try:
            with transaction():
                ticket, person = _ticket(token, lock=True)
                outcome = confirmations.confirm(ticket, by=person, way=Way.LETTER)
        except (NotFound, NotTheReader) as error:
            return self._refused(error)
        flash(str(CONFIRMED[outcome]), "success")
        return redirect(f"/calls/confirm/{token}", 303)

    def _refused(self, error: Exception) -> ResponseReturnValue:
        somebody_else = isinstance(error, NotTheReader)
        page = self.render_template("portal/confirm_not.html", somebody_else=somebody_else)
        return private(page, 403 if somebody_else else 410)


def _ticket(token: str, *, lock: bool = False) -> tuple[Ticket, Account]:
    """What the link is about, and who confirms by it. Raises NotFound, NotTheReader."""
    found = marks.read_act(CONFIRM, token, current_app.extensions["settings"].secret_key.encode())
    reader = db.session.get(Account, found[1], execution_options=BEYOND) if found else None
    if found is None or reader is None or not reader.active:
        raise NotFound
    standing = standing_of(db.session(), reader)
    read_for(standing)
    ticket = get_ticket(db.session(), standing, found[0], lock=lock, by=Ticket.id)
    if ticket.confirmation is None:
        raise NotFound
    if not visitor.is_signed_in() or visitor.account().id == reader.id:
        return ticket, reader
    try:
        get_ticket(db.session(), visitor.standing(), found[0], may=Right.WRITE, by=Ticket.id)
    except NotFound:
        raise NotTheReader from None
    if Right.HANDLE in visitor.standing().rights(ticket):
        raise NotTheReader
    return ticket, visitor.account()
