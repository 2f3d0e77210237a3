"""Attachments, to whom the access rule shows their message; always as files, never as pages of ours."""

from __future__ import annotations

from flask import Response, abort, current_app, send_file
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView

from app.access import get_attachment
from app.extensions import db
from app.models.ticket import Attachment
from app.views import visitor
from app.views.doors import requires

# What a browser may show in place; nothing that can hold a script.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
# What may be called by its type; anything else is only bytes to a browser (attack cases O51, O52).
HARMLESS = PICTURES | {"application/pdf", "application/zip", "text/plain", "text/csv"}


class FilesView(BaseView):
    """Downloads."""

    route_base = "/attachments"
    default_view = "download"

    @expose("/<int:attachment_id>/<name>")
    @requires("download")
    def download(self, attachment_id: int, name: str) -> ResponseReturnValue:
        return as_file(get_attachment(db.session(), visitor.standing(), attachment_id))


def as_file(attachment: Attachment) -> Response:
    """The bytes under headers that keep a browser from taking them for a page of ours."""
    path = current_app.extensions["files"].path(attachment.sha256)
    if not path.exists():
        abort(410)
    answer = send_file(
        path,
        mimetype=_served_as(attachment.content_type),
        as_attachment=attachment.content_type not in PICTURES,
        download_name=attachment.name,
        etag=attachment.sha256,
        conditional=True,
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _served_as(content_type: str) -> str:
    is_office = content_type.startswith("application/vnd.") and "xml" not in content_type.partition("+")[2]
    return content_type if content_type in HARMLESS or is_office else "application/octet-stream"
