"""Lists that stay flat as data grows: pages by keyset, counts that stop, two statements at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm.interfaces import ORMOption

from app.extensions import db
from app.models.ranges import Order, Rows

COUNT_LIMIT = 1_000
PAGE_SIZE = 25
CURSORS = ("after", "before")


@dataclass(frozen=True)
class Page:
    """One page of rows and the addresses of its neighbours. `capped`: there are more than `count`."""

    rows: Sequence[Any]
    newer_url: str | None
    older_url: str | None
    count: int | None = None
    capped: bool = False
    tickets: bool = False


def keyset_page(
    rows: Rows, order: Order, *, eager: Sequence[ORMOption] = (), size: int = PAGE_SIZE, tickets: bool = False
) -> Page:
    """The page that the address asks for by `after` or `before`, and the count of all rows up to COUNT_LIMIT.

    One statement, and one more for each `selectinload` of `eager`. A wrong cursor is ignored.
    """
    after, before = _cursor(order, "after"), _cursor(order, "before")
    backwards = before is not None and after is None
    cursor = after or before
    walked = order.reversed() if backwards else order
    shown = rows.where(walked.beyond(*cursor)) if cursor else rows
    query = shown.read(walked, size + 1).options(*eager).add_columns(rows.count(COUNT_LIMIT + 1))
    found = db.session.execute(query).unique().all()
    count = found[0][1] if found else 0
    page = [row[0] for row in found[:size]]
    more = len(found) > size
    if backwards:
        page.reverse()
    has_newer = more if backwards else cursor is not None
    has_older = bool(page) if backwards else more
    return Page(
        page,
        _neighbour(order, page[0], "before") if has_newer and page else None,
        _neighbour(order, page[-1], "after") if has_older and page else None,
        min(count, COUNT_LIMIT),
        count > COUNT_LIMIT,
        tickets,
    )


def address_with(**changes: str | None) -> str:
    """This page's address with some parameters changed; None removes one. A changed filter begins at the first page."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in (*changes, *CURSORS)]
    kept += [(name, value) for name, value in changes.items() if value is not None]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _neighbour(order: Order, row: Any, name: str) -> str:
    value = order.value_of(row)
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return address_with(**{name: f"{text}~{getattr(row, order.id_column.key)}"})


def _cursor(order: Order, name: str) -> tuple[Any, int] | None:
    text, _mark, row_id = request.args.get(name, "").rpartition("~")
    try:
        number = int(row_id)
        kind = order.column.type.python_type
        value: Any = _instant(text) if kind is datetime else kind(text)
    except (ValueError, OverflowError, NotImplementedError):
        return None
    fits = 0 <= number < 2**31 and (not isinstance(value, int) or -(2**31) < value < 2**31)
    return (value, number) if fits else None


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text.replace(" ", "+"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
