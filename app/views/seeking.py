"""What people look for, counted: the search page tells what was asked, the next page that something was opened.

Nothing of who asked is kept.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, request
from limits import parse

from app.accounts import limits
from app.events.transaction import aside
from app.locale import language
from app.search.sought import note_opened, note_search
from app.views import visitor
from app.views.reading import in_words_of
from app.views.reference import group_choices

OPENED = frozenset({"ArticlesView.show", "TextsView.show", "TicketsView.show"})
OF_STRANGERS = parse("60 per hour")  # from one address


def init_app(app: Flask) -> None:
    app.after_request(_note_opened)


def note(text: str, group: str, *, found: bool) -> None:
    """Count the search of a customer or a stranger; what the desk looks for tells nothing of what readers miss."""
    if _counts():
        aside(lambda: note_search(text, language(), _group_id(group), found=found))


def _note_opened(response: Response) -> Response:
    if request.endpoint not in OPENED or response.status_code != 200 or request.method != "GET":
        return response
    came_from = urlsplit(request.referrer or "")
    if came_from.path == "/search" and came_from.netloc == request.host and _counts():
        asked = parse_qs(came_from.query)
        text, group = asked.get("q", [""])[0][:400], asked.get("group", [""])[0]
        aside(lambda: note_opened(text, language(), _group_id(group)))
    return response


def _counts() -> bool:
    if in_words_of() is not None:
        return False
    if visitor.is_signed_in():
        return not visitor.standing().is_staff
    return limits.hit(OF_STRANGERS, f"sought {limits.network(request.remote_addr or '', 32, 64)}")


def _group_id(group: str) -> int:
    return int(group) if group in dict(group_choices()) else 0
