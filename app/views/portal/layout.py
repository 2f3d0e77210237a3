"""A message that came as HTML, with the layout that its author gave it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _

from app.access import get_message
from app.extensions import db
from app.locale import when
from app.mail import phrases
from app.mail.shown import remote_pictures, shown
from app.models.ticket import Message
from app.views import visitor
from app.views.doors import requires
from app.views.frame import as_html, framed, in_place, words

FOLDING = frozenset({"quote", "attribution", "signature"})
# Where what others wrote begins: what matters of a letter stands before it.
QUOTED = re.compile(
    r'<blockquote\b|class="(?:gmail_quote|moz-cite|yahoo_quoted|WPquote)|\b(?:id|name)="|border-top:solid'
)
LEAST_PICTURE = 15_000  # bytes; smaller ones are logos of signatures
LEAST_CELLS = 8  # a table that tells something; smaller ones hold addresses together
LINE, PICTURE, SMALLEST, TALLEST = 25, 260, 140, 640  # pixels


@dataclass(frozen=True)
class Layout:
    """How the ticket's page offers the layout. `opened`: the words alone would mislead."""

    address: str
    opened: bool
    remote: int
    height: int


class LayoutView(BaseView):
    """The frame of one message."""

    route_base = "/messages"
    default_view = "show"

    @expose("/<int:message_id>/letter")
    @requires("show")
    def show(self, message_id: int) -> ResponseReturnValue:
        message = get_message(db.session(), visitor.standing(), message_id)
        letter = shown(
            message.html or as_html(message.text),
            words(),
            pictures=in_place({file.content_id: file.sha256 for file in message.attachments if file.content_id}),
            fold=folds(message),
            remote=bool(request.args.get("pictures")),
        )
        return framed(letter, title=title_of(message), lang=message.ticket.language)


def title_of(message: Message) -> str:
    by = message.author.name if message.author else _("Bilety")
    return _("Letter: %(name)s, %(when)s", name=by, when=when(message.arrived_at, "short"))


def layout_of(message: Message) -> Layout | None:
    """Nothing where the message did not come as HTML."""
    if not message.html:
        return None
    own = message.html[: found.start()] if (found := QUOTED.search(message.html)) else message.html
    pictures = [file for file in message.attachments if file.content_id and f"cid:{file.content_id}" in own]
    large = [file for file in pictures if file.size >= LEAST_PICTURE]
    cells = own.count("<td") + own.count("<th")
    lines = sum(1 + len(line) // 90 for line in message.text.split("\n"))
    return Layout(
        address=f"/messages/{message.id}/letter",
        opened=bool(large) or cells >= LEAST_CELLS,
        remote=remote_pictures(message.html),
        height=max(SMALLEST, min(TALLEST, LINE * (lines + 2) + PICTURE * len(large))),
    )


def folds(message: Message) -> bool:
    """As the page's words: where only quoted text stands, none was found, or it is answered within, all is shown."""
    if not message.text.strip() or phrases.ANSWERS_WITHIN.search(message.text.lower()):
        return False
    return any(part["kind"] in FOLDING for part in message.folded)
