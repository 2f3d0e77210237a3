"""What pages show of the desk's own look: a stylesheet of three colours, and the logo."""

from __future__ import annotations

from flask import Response, make_response
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView

from app.access import NotFound
from app.desk.branding import branding
from app.views.kept import sent
from app.views.static import FOR_A_YEAR


class LookView(BaseView):
    """Everybody sees it, before signing in too."""

    route_base = "/look"
    default_view = "stylesheet"

    @expose("/<version>.css")
    def stylesheet(self, version: str) -> ResponseReturnValue:
        """The colours of now; an address of another version is not kept."""
        answer = make_response(branding().stylesheet())
        answer.mimetype = "text/css"
        return _kept(answer) if version == branding().version else answer

    @expose("/<sha256>")
    def logo(self, sha256: str) -> ResponseReturnValue:
        chosen = branding()
        if not chosen.logo or sha256 != chosen.logo:
            raise NotFound
        return _kept(sent(chosen.logo, name="logo", content_type=chosen.logo_type))


def _kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = FOR_A_YEAR
    return answer
