"""While an administrator views the portal as a customer nothing can be changed, and every page says so."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Response, abort, flash, has_request_context, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from sqlalchemy import event

from app import caller
from app.access import NotFound
from app.accounts import viewing
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account, AccountSession
from app.views import visitor
from app.views.doors import requires

SAFE = ("GET", "HEAD", "OPTIONS")
FORM = re.compile(r"<form\b([^>]*>)")
THE_WAY_OUT = 'action="/desk/view-as/end"'
PRIVATE = ("security.", "KeysView.", "by_letter")  # the customer's own keys, whatever the method
STATIC = ("static", "security.static", "appbuilder.static")


class ViewingView(BaseView):
    """The way in, and the way out."""

    route_base = "/desk/view-as"
    default_view = "begin"

    @expose("/<int(max=2147483647):pk>", methods=["POST"])
    @requires("begin")
    def begin(self, pk: int) -> ResponseReturnValue:
        with transaction():
            customer = db.session.get(Account, pk)
            if customer is None or not viewing.may_be_viewed(customer) or not visitor.standing().handles_everything:
                raise NotFound
            viewing.begin(customer, by=visitor.account())
        return redirect("/", 303)

    @expose("/end", methods=["POST"])
    def end(self) -> ResponseReturnValue:
        """Open to whoever views: it is the customer's eyes that ask for it."""
        if viewing.viewer() is None:
            raise NotFound
        with transaction():
            viewed = viewing.end()
        flash(_("You are yourself again."), "success")
        return redirect(f"/desk/customers/show/{viewed.id}" if viewed else "/desk/", 303)


def init_app(app: Flask) -> None:
    app.before_request(_only_look)
    app.context_processor(lambda: {"viewed_by": viewing.viewer()})
    app.after_request(_close_forms)
    event.listen(db.session, "before_flush", _nothing_changes)


def _only_look() -> None:
    """Refuse what would change something, and what is nobody else's to look at."""
    if request.endpoint in STATIC or caller.browser_account() is None or viewing.viewer() is None:
        return
    if request.endpoint == "ViewingView.end":
        return
    if request.method not in SAFE or (request.endpoint or "").startswith(PRIVATE):
        abort(403, "viewing")


def _close_forms(answer: Response) -> Response:
    """Every form that would change something is shown, and takes no click: `inert`, which the banner explains."""
    if answer.mimetype == "text/html" and not answer.direct_passthrough and _is_request_of_viewer():
        answer.set_data(FORM.sub(_closed, answer.get_data(as_text=True)))
    return answer


def _closed(form: re.Match[str]) -> str:
    return form[0] if THE_WAY_OUT in form[0] or 'method="post"' not in form[0] else f"<form inert{form[1]}"


def _nothing_changes(session: Any, _context: object, _instances: object) -> None:
    """A page that changes something when it is opened changes nothing either."""
    if not _is_request_of_viewer():
        return
    touched = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
    if request.endpoint != "ViewingView.end" and any(not isinstance(row, AccountSession) for row in touched):
        abort(403, "viewing")


def _is_request_of_viewer() -> bool:
    return has_request_context() and viewing.viewer() is not None
