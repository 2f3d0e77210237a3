"""The front door, the contact page, the language switch and health."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import tickets_of
from app.accounts import viewing
from app.accounts.choices import strangers_may_report
from app.content.markdown import as_html
from app.content.placing import page_at
from app.desk.telephone import menu, telephone
from app.extensions import db
from app.locale import SPOKEN, language
from app.models.mailbox import Mailbox
from app.models.product_group import ProductGroup
from app.models.ranges import Order
from app.models.ticket import UNFINISHED, Ticket
from app.views import visitor
from app.views.portal.opening import opening_of_the_desk
from app.views.reading import reader
from app.views.reference import codes_of

SHOWN_TICKETS = 5
STATEMENT = Path(__file__).with_name("accessibility.json")


class HomeView(BaseView):
    """The portal's home."""

    route_base = ""
    default_view = "index"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return self.render_template(
            "portal/home.html", tickets=_own_tickets(), own_words=_own_words("home"), **ways_to_reach_us()
        )

    @expose("/contact")
    def contact(self) -> ResponseReturnValue:
        return self.render_template("portal/contact.html", own_words=_own_words("contact"), **ways_to_reach_us())

    @expose("/accessibility/")
    def accessibility(self) -> ResponseReturnValue:
        """The statement of accessibility, of what the tests looked at (tests/browser/accessibility.py)."""
        return self.render_template(
            "portal/accessibility.html",
            statement=json.loads(STATEMENT.read_text()),
            address=current_app.extensions["settings"].base_url,
            telephone=telephone(),
        )

    @expose("/lang/<code>")
    def switch_language(self, code: str) -> ResponseReturnValue:
        if code in SPOKEN:
            session["locale"] = code
            _remember(code)
        return redirect(local_path(request.args.get("next", "/")))


def local_path(target: str) -> str:
    """The target when it is a path of ours, else the front door (attack case O27)."""
    cleaned = target.replace("\\", "/")
    parts = urlsplit(cleaned)
    is_path = cleaned.startswith("/") and not cleaned.startswith("//") and not parts.netloc and not parts.scheme
    return target if is_path and target == cleaned and target.isprintable() else "/"


def _remember(code: str) -> None:
    if visitor.is_signed_in() and viewing.viewer() is None:
        visitor.account().locale = code
        db.session.commit()


def ways_to_reach_us() -> dict[str, Any]:
    """What pages say of it; `may_report`: a stranger has a form for reports."""
    ways = {"groups": _groups(), "opening": opening_of_the_desk(), "telephone": telephone(), "telephone_menu": menu()}
    return {**ways, "may_report": not visitor.is_signed_in() and strangers_may_report()}


def _groups() -> list[tuple[ProductGroup, str | None]]:
    """Active product groups with the address that each takes letters at."""
    query = (
        select(ProductGroup, Mailbox.name)
        .outerjoin(Mailbox, (Mailbox.product_group_id == ProductGroup.id) & Mailbox.active)
        .where(ProductGroup.active)
        .order_by(ProductGroup.position)
    )
    return [(group, address) for group, address in db.session.execute(query)]


def _own_words(place: str) -> Markup | None:
    """What the desk has written in place of the shipped words: a page with that tag."""
    text = page_at(place, reader(), language())
    if text is None:
        return None
    return Markup(f'<div class="article" lang="{text.variant.language}">{as_html(text.body)}</div>')  # noqa: S704


def _own_tickets() -> list[Ticket]:
    """The open tickets that the signed-in customer reported, those that changed last first."""
    if not visitor.is_signed_in() or visitor.standing().is_staff:
        return []
    own = tickets_of(visitor.standing()).where(Ticket.requester_id == visitor.account().id)
    newest = Order(Ticket.updated_at, Ticket.id)
    query = (
        own.where(Ticket.status.in_(codes_of(UNFINISHED)))
        .read(newest, SHOWN_TICKETS)
        .options(joinedload(Ticket.state), joinedload(Ticket.product_group))
    )
    return list(db.session.scalars(query))
