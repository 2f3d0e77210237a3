"""Notices above the pages of the portal, until their reader puts them away."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView

from app.access import NotFound, sees_entry
from app.content import placing
from app.content.placing import Notice
from app.events.transaction import transaction
from app.extensions import db
from app.locale import language
from app.models.entry import Entry
from app.models.types import utc_now
from app.views import visitor
from app.views.portal.home import local_path
from app.views.reading import path_of_text, reader

KEPT_SECONDS = 5.0
MOST_PUT_AWAY = 20
PUT_AWAY = "put_away"  # in a stranger's session: entry -> when
_known: dict[str, tuple[float, bool]] = {}


class NoticesView(BaseView):
    """A notice is put away for its reader alone."""

    route_base = "/notices"
    default_view = "put_away"

    @expose("/<int:entry_id>/put-away", methods=["POST"])
    def put_away(self, entry_id: int) -> ResponseReturnValue:
        seen = sees_entry(reader()) & (Entry.id == entry_id) & (Entry.type_code == placing.NOTICE)
        if not db.session.query(Entry.id).filter(seen).first():
            raise NotFound
        if visitor.is_signed_in():
            with transaction():
                placing.put_away(visitor.account().id, entry_id, utc_now())
        else:
            kept = {**session.get(PUT_AWAY, {}), str(entry_id): utc_now().timestamp()}
            session[PUT_AWAY] = dict(sorted(kept.items(), key=lambda item: -item[1])[:MOST_PUT_AWAY])
        return redirect(local_path(request.form.get("next", "/")), 303)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        notices=shown, path_of_text=path_of_text, base_url=app.extensions["settings"].base_url.rstrip("/")
    )


def shown(group_id: int | None = None) -> list[Notice]:
    """What this reader is told now; with `group_id` on a page of that product group."""
    if not _is_any():
        return []
    return placing.notices(reader(), language(), group_id=group_id, put_away=_put_away_by_stranger())


def forget() -> None:
    """Ask anew whether there are notices."""
    _known.clear()


def _is_any() -> bool:
    """Asked of the database every few seconds only, since it is asked for every page."""
    until, found = _known.get("", (0.0, False))
    if time.monotonic() > until:
        found = placing.has_notices()
        _known[""] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def _put_away_by_stranger() -> dict[int, datetime]:
    kept: Any = {} if visitor.is_signed_in() else session.get(PUT_AWAY, {})
    return {int(row): datetime.fromtimestamp(at, UTC) for row, at in kept.items()}
