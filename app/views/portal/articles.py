"""The knowledge base: open to everybody, each article to whom its author lets read it."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from app.access import Standing
from app.content.markdown import as_html
from app.content.reading import in_other_languages, shelf, text_at
from app.locale import LANGUAGES, language
from app.models.entry import PublishedText
from app.models.ranges import Order
from app.views import visitor
from app.views.listing import keyset_page
from app.views.reference import group_choices

TYPE = "article"
NEWEST = Order(PublishedText.published_at, PublishedText.variant_id)


class ArticlesView(BaseView):
    """Articles by product group, in the reader's language where they are written in it."""

    route_base = "/articles"
    default_view = "list"

    @expose("/")
    def list(self) -> ResponseReturnValue:
        groups = dict(group_choices())
        chosen = request.args.get("group", "")
        group_id = int(chosen) if chosen in groups else None
        rows = shelf(_reader(), TYPE, language(), group_id=group_id)
        page = keyset_page(rows, NEWEST, eager=(joinedload(PublishedText.variant),))
        return self.render_template(
            "portal/articles.html", page=page, groups=groups, chosen=chosen, language=language(), names=LANGUAGES
        )

    @expose("/<code>/<slug>")
    def show(self, code: str, slug: str) -> ResponseReturnValue:
        """The article; at an address that it once had, the way to where it is now."""
        text = text_at(_reader(), TYPE, code, slug)
        if text.slug != slug:
            return redirect(url_for("ArticlesView.show", code=code, slug=text.slug), 301)
        return self.render_template(
            "portal/article.html",
            text=text,
            body=Markup(as_html(text.body)),  # noqa: S704 cleaned by nh3
            others=in_other_languages(text),
            code=code,
            language=language(),
            names=LANGUAGES,
        )


def _reader() -> Standing | None:
    return visitor.standing() if visitor.is_signed_in() else None
