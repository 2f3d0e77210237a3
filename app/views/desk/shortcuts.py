"""The desk by keyboard: where one can jump to, the sheet of keys, and the switch for single keys (WCAG 2.1.4)."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import lazy_gettext as _l

from app.desk.saved_views import SINGLE_KEYS, choose, chosen, views_of
from app.events.transaction import transaction
from app.views import navigation, visitor
from app.views.desk.acts import LIST
from app.views.desk.filters import quick_views
from app.views.doors import requires

KEYS = (
    ("Ctrl+K", _l("Jump to a page, a view, a ticket by its number, or to what is searched")),
    ("j", _l("The next ticket of the list")),
    ("k", _l("The ticket before")),
    ("x", _l("Choose this ticket, or not")),
    ("a", _l("Go to what is done with the chosen tickets")),
    ("o", _l("Open this ticket; Enter does it too")),
    ("e", _l("Change this ticket in the list")),
    ("r", _l("Answer the customer, on a ticket's page")),
    ("n", _l("Write a note, on a ticket's page")),
    ("Ctrl+Enter", _l("Send the answer, or keep the note")),
    ("?", _l("Show these keys")),
)


class ShortcutsView(BaseView):
    """Menu of the account: Keyboard."""

    route_base = "/desk/shortcuts"
    default_view = "sheet"

    @expose("/")
    @requires("list")
    def sheet(self) -> ResponseReturnValue:
        """The keys, as a page or for a dialog."""
        template = "desk/_shortcuts.html" if request.headers.get("X-Part") else "desk/shortcuts.html"
        return self.render_template(template, keys=KEYS, single=single_keys())

    @expose("/", methods=["POST"])
    @requires("list")
    def switch(self) -> ResponseReturnValue:
        """Single keys on or off, for this person."""
        with transaction():
            choose(visitor.account(), **{SINGLE_KEYS: request.form.get("single") == "on"})
        return redirect("/desk/shortcuts/", 303)

    @expose("/jump")
    @requires("list")
    def jump(self) -> ResponseReturnValue:
        """All places that this visitor may open, for the dialog of Ctrl+K."""
        return self.render_template("desk/_jump.html", places=places())


def single_keys() -> bool:
    return bool(chosen(visitor.account(), SINGLE_KEYS, True))


def places() -> list[tuple[Any, str]]:
    """Pages of the menu, lists of every day and saved views: words and address."""
    entries = [entry for entry in navigation.DESK if entry.is_permitted]
    views = views_of(visitor.standing(), visitor.account())
    return [
        *((entry.label, entry.url) for entry in entries),
        *((view.label, f"{LIST}?{view.query}") for view in quick_views() if view.query),
        *((view.name, f"{LIST}?view={view.id}") for view in views),
    ]
