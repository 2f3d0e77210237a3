"""The desk's front door."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView

from app.views.doors import requires


class DeskView(BaseView):
    """/desk/ leads to the ticket grid."""

    route_base = "/desk"
    default_view = "home"

    @expose("/")
    @requires("list")
    def home(self) -> ResponseReturnValue:
        return redirect("/desk/tickets/list/")
