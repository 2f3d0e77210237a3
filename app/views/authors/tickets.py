"""Where tickets and texts meet: a draft from a ticket, and a text for an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.access import get_ticket, standing_of
from app.content.from_ticket import draft_from
from app.content.inserting import insertable
from app.content.types import types_written_by
from app.desk.joining import conversation_of
from app.events.transaction import transaction
from app.extensions import db
from app.locale import language
from app.views import visitor
from app.views.desk.acts import NUMBER
from app.views.doors import requires


class TicketTexts:
    """Doors of the authors' side that a ticket's page leads to."""

    if TYPE_CHECKING:
        render_template: Callable[..., str]

    @expose(f"/from-ticket/{NUMBER}", methods=["POST"])
    @requires("add")
    def from_ticket(self, number: int) -> ResponseReturnValue:
        """A draft of an article from what was asked and answered."""
        standing = visitor.standing()
        with transaction():
            ticket = get_ticket(db.session(), standing, number)
            if "article" not in {kind.code for kind in types_written_by(standing)}:
                abort(403)
            messages = db.session.scalars(conversation_of(ticket, standing)).unique().all()
            entry = draft_from(ticket, messages, language=language(), by=visitor.account())
            address = f"/desk/entries/{entry.id}/{entry.source_language}"
        flash(_("The draft is there. Take out names and whatever else is nobody's business."), "success")
        return redirect(address, 303)

    @expose(f"/insertable/{NUMBER}")
    @requires("list")
    def insertable(self, number: int) -> ResponseReturnValue:
        """What fits an answer, as a part of the ticket's page or as a page of its own."""
        ticket = get_ticket(db.session(), visitor.standing(), number)
        query = request.args.get("q", ticket.subject).replace("\x00", "")[:400]
        found = insertable(
            ticket,
            query,
            base_url=current_app.extensions["settings"].base_url,
            by=visitor.standing(),
            reader=standing_of(db.session(), ticket.requester),
        )
        template = "authors/_insertable.html" if request.headers.get("HX-Request") else "authors/insertable.html"
        return self.render_template(template, ticket=ticket, query=query, found=found)
