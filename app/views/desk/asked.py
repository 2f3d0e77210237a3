"""What the ticket list shows: what stands in the address, or in the saved view that the address names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request
from werkzeug.datastructures import MultiDict

from app.access import NotFound, tickets_of
from app.desk import saved_views
from app.models.ranges import Rows
from app.models.saved_view import SavedView
from app.views import visitor
from app.views.desk import field_filters
from app.views.desk.acts import LIST
from app.views.desk.filters import Arguments, conditions, row_id
from app.views.listing import CURSORS

VIEW, SEEN = "view", "seen"  # a saved view; a file of what is seen
KEPT = frozenset(
    {"state", "group", "assignee", "organisation", "requester", "priority", "text", "since", "until", "due", "tag"}
    | {"follow_up", "mention", "sort", "by", "column"}
)


@dataclass(frozen=True)
class Asked:
    """Filters and order, as the list's own form spells them. `left_out`: kinds of what the view's reader cannot ask."""

    args: Arguments
    view: SavedView | None = None
    left_out: Sequence[str] = ()
    is_changed: bool = False  # the address says more than the view that it names

    @property
    def query(self) -> str:
        """What a view of this list keeps."""
        return urlencode(self.kept)

    @property
    def kept(self) -> list[tuple[str, str]]:
        return kept_of(self.args)

    def rows(self) -> Rows:
        """The tickets that this visitor may see and that are asked for. Raises UnknownField, UnfitFilter."""
        own = conditions(self.args, me=visitor.account().id)
        return tickets_of(visitor.standing()).where(*own).narrowed(field_filters.conditions(self.args))


def asked(views: Sequence[SavedView]) -> Asked:
    """What this address asks for; `views` are those that the visitor may open. Raises NotFound for any other."""
    args: Any = request.args
    wanted = args.get(VIEW, "")
    if not wanted:
        return Asked(args)
    view = next((each for each in views if each.id == row_id(wanted)), None)
    if view is None:
        raise NotFound
    if any(name not in (VIEW, SEEN, *CURSORS) for name in args):
        return Asked(args, view, is_changed=True)
    return opened(view)


def opened(view: SavedView) -> Asked:
    """The view as its reader may see it: what it asks of fields that are gone, or not open to him, is left out."""
    args, left_out = field_filters.without_unknown(MultiDict(parse_qsl(view.query)))
    return Asked(args, view, left_out)


def asked_now() -> Asked:
    return asked(saved_views.views_of(visitor.standing(), visitor.account()) if request.args.get(VIEW) else ())


def kept_of(args: Arguments) -> list[tuple[str, str]]:
    """The filters and the order of an address, without what only this page needs."""
    named = [(name, " ".join(value.replace("\x00", "").split())) for name, value in args.items(multi=True)]
    known = [(name, value) for name, value in named if name in KEPT or name.startswith(field_filters.PREFIX)]
    return [(name, value) for name, value in known if value]


def list_address(text: str, *, without: str = "") -> str:
    """Back to the list that a form was sent from, and nowhere else (attack case O27)."""
    parts = urlsplit(text)
    is_list = not parts.scheme and not parts.netloc and parts.path == LIST and text.isprintable()
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != without]
    return f"{LIST}?{urlencode(kept)}" if is_list and kept else LIST
