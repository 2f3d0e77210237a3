"""The knowledge base and what else is written for readers: open to everybody, each text to whom its author lets."""

from __future__ import annotations

import secrets
from itertools import islice

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from limits import parse
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from app.accounts import limits
from app.content import opinions
from app.content.counts import count
from app.content.errors import LongComment
from app.content.headings import with_headings
from app.content.markdown import as_html
from app.content.reading import in_other_languages, related, shelf, text_at
from app.events.transaction import transaction
from app.extensions import db
from app.locale import SPOKEN, language
from app.models.entry import Entry, PublishedText, Variant, fields_owner
from app.models.ranges import Order
from app.models.reading import Counted
from app.models.types import utc_now
from app.views import visitor
from app.views.fields import facts_of, file_of
from app.views.listing import keyset_page
from app.views.reading import ARTICLE, OFFERED, in_words_of, path_of_text, reader
from app.views.reference import group_choices

NEWEST = Order(PublishedText.published_at, PublishedText.variant_id)
NEWEST_LOOKED_AT, SHOWN_OF_A_GROUP = 100, 5
MOST_RELATED = 5
BROWSER = "reads_as"  # in the session of a stranger who gave an opinion
OPINIONS = parse("20 per hour")  # of strangers at one address


class ArticlesView(BaseView):
    """Articles by product group, in the reader's language where they are written in it."""

    route_base = "/articles"
    default_view = "list"

    @expose("/")
    def list(self) -> ResponseReturnValue:
        """The newest of each product group; of a chosen one, page by page, all."""
        groups = dict(group_choices())
        chosen = request.args.get("group", "")
        if not ({"group", "after", "before", "all"} & set(request.args)):
            return self.render_template("portal/knowledge.html", shelves=_shelves(groups), groups=groups)
        rows = shelf(reader(), ARTICLE, language(), group_id=int(chosen) if chosen in groups else None)
        page = keyset_page(rows, NEWEST, eager=(joinedload(PublishedText.variant),))
        return self.render_template("portal/articles.html", page=page, groups=groups, chosen=chosen, names=SPOKEN)

    @expose("/<code>/<slug>")
    def show(self, code: str, slug: str) -> ResponseReturnValue:
        """The article; at an address that it once had, the way to where it is now."""
        return _shown(self, ARTICLE, code, slug)

    @expose("/<code>/<slug>/file/<field_id>")
    def file(self, code: str, slug: str, field_id: str) -> ResponseReturnValue:
        return _file(ARTICLE, code, slug, field_id)

    @expose("/<code>/<slug>/opinion", methods=["POST"])
    def opinion(self, code: str, slug: str) -> ResponseReturnValue:
        """Whether it helped, and why not: one answer of each reader."""
        text = text_at(reader(), ARTICLE, code, slug)
        comment, account = request.form.get("comment", ""), visitor.account() if visitor.is_signed_in() else None
        if account is None:
            _slow_down()
        given = _answer()
        if given is None:
            flash(_("Say whether the article helped, then send."), "error")
            return _shown(self, ARTICLE, code, text.slug, comment=comment)
        try:
            with transaction():
                opinions.give_opinion(text, _reader_name(), helpful=given, comment=comment, by=account)
        except LongComment as error:
            flash(str(error), "error")
            return _shown(self, ARTICLE, code, text.slug, comment=comment)
        flash(_("Thank you. The author will read it."), "success")
        return redirect(f"{path_of_text(text)}#opinion", 303)


class TextsView(BaseView):
    """Entries of every other type."""

    route_base = "/content"
    default_view = "show"

    @expose("/<type_code>/<code>/<slug>")
    def show(self, type_code: str, code: str, slug: str) -> ResponseReturnValue:
        if type_code == ARTICLE:
            return redirect(url_for("ArticlesView.show", code=code, slug=slug), 301)
        return _shown(self, type_code, code, slug)

    @expose("/<type_code>/<code>/<slug>/file/<field_id>")
    def file(self, type_code: str, code: str, slug: str, field_id: str) -> ResponseReturnValue:
        return _file(type_code, code, slug, field_id)


def _file(type_code: str, code: str, slug: str, field_id: str) -> ResponseReturnValue:
    """The file that a field of the text holds. Raises NotFound."""
    text = text_at(reader(), type_code, code, slug)
    return file_of(text, facts_of(text, fields_owner(type_code)), field_id)


def _shown(view: BaseView, type_code: str, code: str, slug: str, *, comment: str = "") -> ResponseReturnValue:
    text = text_at(reader(), type_code, code, slug)
    if text.slug != slug:
        return redirect(path_of_text(text), 301)
    if request.args.get("from") == OFFERED and request.method == "GET" and in_words_of() is None:
        with transaction():
            count([text.variant.entry_id], Counted.OPENED, day=utc_now().date())
        return redirect(path_of_text(text))
    body, headings = with_headings(as_html(text.body))
    is_article = type_code == ARTICLE
    return view.render_template(
        "portal/article.html",
        text=text,
        body=Markup(body),  # noqa: S704 cleaned by nh3
        headings=headings if len(headings) > 1 else [],
        others=in_other_languages(text),
        related=related(text, reader(), language(), limit=MOST_RELATED) if is_article else [],
        opinion=opinions.opinion_of(text, _reader_name()) if is_article and _may_be_known() else None,
        comment=comment,
        code=code,
        facts=facts_of(text, fields_owner(type_code)),
        names=SPOKEN,
        is_article=is_article,
        is_public=text.variant.entry.visibility == "everyone",
    ), 422 if request.method == "POST" else 200


def _shelves(groups: dict[str, str]) -> dict[str, list[PublishedText]]:
    """The newest articles by product group; under an empty name those that are about none."""
    query = shelf(reader(), ARTICLE, language()).read(NEWEST, NEWEST_LOOKED_AT)
    eager = joinedload(PublishedText.variant).joinedload(Variant.entry).selectinload(Entry.groups)
    texts = db.session.scalars(query.options(eager)).unique().all()
    found: dict[str, list[PublishedText]] = {}
    for group_id in [*groups, ""]:
        own = (text for text in texts if _is_about(text, group_id))
        found[group_id] = [*islice(own, SHOWN_OF_A_GROUP)]
    return {group_id: shown for group_id, shown in found.items() if shown}


def _is_about(text: PublishedText, group_id: str) -> bool:
    about = [str(group.id) for group in text.variant.entry.groups]
    return group_id in about if group_id else not about


def _answer() -> bool | None:
    return {"yes": True, "no": False}.get(request.form.get("helpful", ""))


def _may_be_known() -> bool:
    """Whether this browser can have answered before."""
    return visitor.is_signed_in() or BROWSER in session


def _reader_name() -> str:
    """An account is one reader; of a stranger, the browser."""
    if visitor.is_signed_in():
        return opinions.reader_name(visitor.account(), "")
    return opinions.reader_name(None, session.setdefault(BROWSER, secrets.token_urlsafe(16)))


def _slow_down() -> None:
    """Raises TooManyRequests for an address that answers for too many."""
    name = f"opinion {limits.network(request.remote_addr or '', 32, 64)}"
    if not limits.hit(OPINIONS, name):
        raise limits.too_many(OPINIONS, name)
