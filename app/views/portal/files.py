"""Attachments, to whom the access rule shows their message; always as files, never as pages of ours."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView

from app.access import get_attachment
from app.extensions import db
from app.models.ticket import Attachment
from app.views import visitor
from app.views.doors import requires
from app.views.kept import sent


class FilesView(BaseView):
    """Downloads."""

    route_base = "/attachments"
    default_view = "download"

    @expose("/<int:attachment_id>/<name>")
    @requires("download")
    def download(self, attachment_id: int, name: str) -> ResponseReturnValue:
        return as_file(get_attachment(db.session(), visitor.standing(), attachment_id))


def as_file(attachment: Attachment) -> Response:
    return sent(attachment.sha256, name=attachment.name, content_type=attachment.content_type)
