"""Answers that are offered while somebody begins to report a problem, and what comes of it (S15)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from sqlalchemy import select

from app.access import NotFound, sees_entry
from app.content.counts import count
from app.events.transaction import transaction
from app.extensions import db
from app.locale import language
from app.models.entry import Entry
from app.models.reading import Counted
from app.models.types import utc_now
from app.search.document import ENTRY
from app.search.find import find
from app.search.hits import Hit
from app.views.doors import requires
from app.views.reading import ARTICLE, OFFERED, in_words_of, path_of_hit, reader

MOST = 5
SHORTEST = 4  # characters of a subject before anything is offered
LONGEST = 200
MOST_SHOWN = 30


class OfferingView(BaseView):
    """Of articles only, and only of those that the writer may read."""

    route_base = "/tickets/offered"
    default_view = "offered"

    @expose("/")
    @requires("add")
    def offered(self) -> ResponseReturnValue:
        """A piece of the form: the articles for the subject as far as it is typed."""
        return self.render_template("portal/_offered.html", helped_at=f"{self.route_base}/helped/", **found())

    @expose("/helped/<int:entry_id>", methods=["POST"])
    @requires("add")
    def helped(self, entry_id: int) -> ResponseReturnValue:
        """The article answered it: nothing is sent, and that is counted."""
        return helped(entry_id)


def found() -> dict[str, Any]:
    """What the piece shows whoever reads, a stranger too: the articles, and which the form showed already."""
    subject = " ".join(request.args.get("subject", "").split())[:LONGEST]
    hits = answers_to(subject, request.args.get("group", ""))
    before = shown_before(request.args.getlist("shown"))
    fresh = [hit.key.id for hit in hits if hit.key.id not in before]
    if fresh and in_words_of() is None:
        with transaction():
            count(fresh, Counted.SHOWN, day=utc_now().date())
    return {"hits": hits, "shown": [*before, *fresh][:MOST_SHOWN], "path_of_hit": path_of_hit, "offered": OFFERED}


def helped(entry_id: int) -> ResponseReturnValue:
    """Raises NotFound."""
    if not _readable([entry_id]):
        raise NotFound
    with transaction():
        count([entry_id], Counted.HELPED, day=utc_now().date())
    flash(_("Good that it helped. Nothing was sent."), "success")
    return redirect("/articles/", 303)


def answers_to(subject: str, group: str) -> list[Hit]:
    """The articles that this reader may be offered, those about the product group first."""
    if len(subject) < SHORTEST:
        return []
    filters = {"source": ENTRY, "kind": ARTICLE}
    return find(subject, reader(), language=language(), filters=filters, about=group, limit=MOST, typing=True).hits


def while_typing(group_id: int | None, address: str = f"{OfferingView.route_base}/") -> dict[str, str]:
    """What makes a browser ask while the subject is typed. Without scripts the form is as good as without answers."""
    return {
        "autocomplete": "off",
        "hx-get": f"{address}?group={group_id or ''}",
        "hx-trigger": "input changed delay:200ms",
        "hx-target": "#offered",
        "hx-include": "#offered input",
    }


def note_filed() -> None:
    """The ticket was sent though articles were shown. Call it in the transaction that opens it."""
    shown = shown_before(request.form.getlist("shown"))
    if shown:
        count(_readable(shown), Counted.FILED, day=utc_now().date())


def shown_before(given: list[str]) -> list[int]:
    """The entries that the form says were shown already."""
    numbers = [int(each) for each in given[:MOST_SHOWN] if each.isascii() and each.isdecimal() and len(each) < 10]
    return list(dict.fromkeys(numbers))


def _readable(entry_ids: list[int]) -> list[int]:
    return list(db.session.scalars(select(Entry.id).where(Entry.id.in_(entry_ids), sees_entry(reader()))))
