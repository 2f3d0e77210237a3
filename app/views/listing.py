"""Lists that stay flat as data grows: pages by keyset, counts that stop, two statements at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import db

COUNT_LIMIT = 1_000
PAGE_SIZE = 25
CURSORS = ("after", "before")


@dataclass(frozen=True)
class Order:
    """A sort by one column that is never empty, ties broken by id."""

    column: InstrumentedAttribute[Any]
    id_column: InstrumentedAttribute[int]
    descending: bool = True


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
    query: Select[Any],
    order: Order,
    *,
    size: int = PAGE_SIZE,
    counted: Select[Any] | None = None,
    tickets: bool = False,
) -> Page:
    """The page that the address asks for by `after` or `before`. `query` has no order yet; a wrong cursor is ignored.

    `counted` is the query without options, whose rows are counted up to COUNT_LIMIT in the same statement.
    """
    after, before = _cursor(order, "after"), _cursor(order, "before")
    backwards = before is not None and after is None
    cursor = after or before
    if cursor is not None:
        query = query.where(_beyond(order, cursor, backwards=backwards))
    descending = order.descending != backwards
    columns = (order.column, order.id_column)
    query = query.order_by(*(column.desc() if descending else column.asc() for column in columns)).limit(size + 1)
    if counted is not None:
        some = counted.with_only_columns(order.id_column).order_by(None).limit(COUNT_LIMIT + 1).subquery()
        query = query.add_columns(select(func.count()).select_from(some).scalar_subquery())
    found = db.session.execute(query).unique().all()
    count = found[0][1] if counted is not None and found else 0
    rows = [row[0] for row in found[:size]]
    more = len(found) > size
    if backwards:
        rows.reverse()
    has_newer = more if backwards else cursor is not None
    has_older = bool(rows) if backwards else more
    return Page(
        rows,
        _neighbour(order, rows[0], "before") if has_newer and rows else None,
        _neighbour(order, rows[-1], "after") if has_older and rows else None,
        min(count, COUNT_LIMIT) if counted is not None else None,
        count > COUNT_LIMIT,
        tickets,
    )


def address_with(**changes: str | None) -> str:
    """This page's address with some parameters changed; None removes one. A changed filter begins at the first page."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in (*changes, *CURSORS)]
    kept += [(name, value) for name, value in changes.items() if value is not None]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _neighbour(order: Order, row: Any, name: str) -> str:
    value = getattr(row, order.column.key)
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


def _beyond(order: Order, cursor: tuple[Any, int], *, backwards: bool) -> ColumnElement[bool]:
    """Rows after the cursor. The first comparison alone bounds the index; databases do not split the `or`."""
    value, row_id = cursor
    column, id_column = order.column, order.id_column
    if order.descending != backwards:
        return and_(column <= value, or_(column < value, id_column < row_id))
    return and_(column >= value, or_(column > value, id_column > row_id))
