"""What machines read of the knowledge base: a sitemap, a feed in each language, and what they may look at.

Only what everybody may read stands there, whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from app.access import sees_text
from app.extensions import db
from app.locale import SPOKEN
from app.models.entry import Entry, PublishedText, Variant
from app.views.reading import ARTICLE

MOST_IN_SITEMAP = 50_000  # sitemaps.org
MOST_IN_FEED = 50


class PublicView(BaseView):
    """Each answer has an ETag, so that who has it already gets 304."""

    route_base = ""
    default_view = "robots"

    @expose("/robots.txt")
    def robots(self) -> ResponseReturnValue:
        closed = (
            "/search",
            "/tickets/",
            "/desk/",
            "/api/",
            "/login",
            "/register",
            "/report",
            "/by-letter/",
            "/profile/",
        )
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {base_url()}/sitemap.xml"]
        return _conditional("\n".join(lines) + "\n", "text/plain")

    @expose("/sitemap.xml")
    def sitemap(self) -> ResponseReturnValue:
        """Every public article in every language, with its other languages."""
        texts = db.session.scalars(_public().limit(MOST_IN_SITEMAP)).all()
        others: dict[int, list[PublishedText]] = {}
        for text in texts:
            others.setdefault(text.variant.entry_id, []).append(text)
        return _conditional(render_template("portal/sitemap.xml", texts=texts, others=others), "application/xml")

    @expose("/articles/<code>/feed.xml")
    def feed(self, code: str) -> ResponseReturnValue:
        """The newest public articles of a language (Atom, RFC 4287)."""
        if code not in SPOKEN:
            abort(404)
        texts = db.session.scalars(_public().where(Variant.language == code).limit(MOST_IN_FEED)).all()
        return _conditional(
            render_template("portal/feed.xml", texts=texts, code=code, updated=_last_change(texts)),
            "application/atom+xml",
        )


def base_url() -> str:
    """The portal's own address, whatever host was asked for."""
    return str(current_app.extensions["settings"].base_url).rstrip("/")


def _public() -> Select[PublishedText]:
    return (
        select(PublishedText)
        .join(PublishedText.variant)
        .join(Variant.entry)
        .where(sees_text(None), Entry.type_code == ARTICLE)
        .options(contains_eager(PublishedText.variant).contains_eager(Variant.entry))
        .order_by(PublishedText.published_at.desc(), PublishedText.variant_id.desc())
    )


def _last_change(texts: Sequence[PublishedText]) -> str:
    return texts[0].published_at.isoformat() if texts else "2026-01-01T00:00:00+00:00"


def _conditional(content: str, kind: str) -> Response:
    response = make_response(content)
    response.content_type = f"{kind}; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response
