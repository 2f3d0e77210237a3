"""Files of entries, and drafts at their private addresses: open to whom the rule or the address lets in."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from markupsafe import Markup

from app.content.files import get_file
from app.content.markdown import as_html
from app.content.previews import previewed
from app.locale import SPOKEN
from app.models.entry import fields_owner
from app.views import visitor
from app.views.fields import facts_of
from app.views.kept import sent
from app.views.portal.letter_links import private


class DraftsView(BaseView):
    """What texts name, and texts that are not published yet."""

    route_base = "/content"
    default_view = "file"

    @expose("/files/<int:file_id>/<name>")
    def file(self, file_id: int, name: str) -> ResponseReturnValue:
        """The bytes, never as a page of ours; pictures in place."""
        standing = visitor.standing() if visitor.is_signed_in() else None
        row = get_file(standing, file_id, token=request.args.get("preview", ""))
        return sent(row.sha256, name=row.name, content_type=row.content_type)

    @expose("/preview/<token>")
    def preview(self, token: str) -> ResponseReturnValue:
        """The newest words of the text that the address was made for, while it is good."""
        text = previewed(token)
        if text is None:
            abort(404)
        shown = self.render_template(
            "authors/preview.html",
            title=text.title,
            summary=text.summary,
            body=Markup(as_html(text.body, preview=token)),  # noqa: S704 cleaned by nh3
            code=text.language,
            facts=facts_of(text, fields_owner(text.entry.type_code)),
            entry=text.entry,
            names=SPOKEN,
        )
        return private(shown)
