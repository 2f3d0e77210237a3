"""The desk's front door."""

from __future__ import annotations

from flask import abort, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView

from app.views import navigation
from app.views.doors import requires


class DeskView(BaseView):
    """/desk/ leads to the first page of the menu: tickets for consultants, texts for authors."""

    route_base = "/desk"
    default_view = "home"

    @expose("/")
    @requires("list")
    def home(self) -> ResponseReturnValue:
        first = next((entry for entry in navigation.DESK if entry.is_permitted), None)
        return redirect(first.url) if first else abort(403)
