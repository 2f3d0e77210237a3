"""Lists that stay flat as data grows: pages by keyset, counts that stop, three statements at most."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.interfaces import ORMOption

from app.desk.errors import DeskError
from app.extensions import db
from app.models.engine import keep_plans
from app.models.narrowed import narrowed
from app.models.ranges import Order, Rows, key_of
from app.search.in_time import TimeIsOver, in_time
from app.signs import is_storable

COUNT_LIMIT = 1_000
PATIENCE = 0.9  # seconds that a page may look for rows
PAGE_SIZE = 25
CURSORS = ("after", "before")


class TooBroad(DeskError):
    """So many rows were looked at that the page would take longer than a second."""

    def __init__(self) -> None:
        self.sentence = _(
            "These filters leave so much to look through that the list takes too long. Narrow it by one more filter,"
            " by a smaller span or by a value that fewer tickets have, or sort it by the last change."
        )
        super().__init__(self.sentence)


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

    One statement; of tickets, and of what indexed conditions find, two: keys, then rows, because PostgreSQL takes long
    to plan what is joined to them. One more for each `selectinload` of `eager` and one where conditions are weighed.
    A wrong cursor is ignored. Raises TooBroad.
    """
    after, before = _cursor(order, "after"), _cursor(order, "before")
    backwards = before is not None and after is None
    cursor = after or before
    walked = order.reversed() if backwards else order
    if rows.indexed:
        found = keys_of_indexed(rows, walked, cursor, size + 1)
    else:
        shown = rows.where(walked.beyond(*cursor)) if cursor else rows
        query = shown.keys(walked, size + 1) if tickets else shown.read(walked, size + 1).options(*eager)
        found = db.session.execute(query.add_columns(rows.count(COUNT_LIMIT + 1))).unique().all()
    count = found[0][-1] if found else 0
    are_keys = rows.indexed or tickets
    page = rows_of(rows.model, found[:size], eager) if are_keys else [row[0] for row in found[:size]]
    more = len(found) > size
    most = COUNT_LIMIT
    if count is None:  # Only this page tells: whether there is another.
        count, most = (size + 1, size) if more or cursor else (len(page), size)
    if backwards:
        page.reverse()
    has_newer = more if backwards else cursor is not None
    has_older = bool(page) if backwards else more
    return Page(
        page,
        _neighbour(order, page[0], "before") if has_newer and page else None,
        _neighbour(order, page[-1], "after") if has_older and page else None,
        min(count, most),
        count > most,
        tickets,
    )


def keys_of_indexed(
    rows: Rows, order: Order, cursor: tuple[Any, Any] | None, limit: int, *, offset: int = 0
) -> Sequence[Any]:
    """The keys of the first rows, each with the count up to COUNT_LIMIT + 1, or None where that takes too long.

    One statement; two where filters are weighed. Raises TooBroad.
    """
    listed, most = narrowed(rows, order), COUNT_LIMIT + 1
    if listed.is_led:
        keep_plans(db.session())
        return db.session.execute(listed.met(limit, most=most, offset=offset, after=cursor)).all()
    narrowest = listed.narrowest(db.session())
    if narrowest is not None:
        query = listed.gathered(narrowest, limit, most=most, offset=offset, after=cursor)
    else:
        query = listed.met(limit, most=most, offset=offset, after=cursor)
    try:
        with in_time(time.monotonic() + PATIENCE, any_values=narrowest is None and listed.is_plain):
            return db.session.execute(query).all()
    except TimeIsOver as error:
        raise TooBroad from error


def rows_of(model: type[Any], keys: Sequence[Any], eager: Sequence[ORMOption]) -> list[Any]:
    """The rows of these keys, in their order: by a statement that PostgreSQL plans once for all pages."""
    key = key_of(model)
    ids = [getattr(each, key.key) for each in keys]
    query = select(model).where(key.in_(ids)).options(*eager)
    found = {getattr(row, key.key): row for row in db.session.scalars(query).unique()} if ids else {}
    return [found[each] for each in ids if each in found]


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
    # What no row stands by, PostgreSQL would not even compare: NUL, NaN, numbers that no integer column holds.
    is_one = is_storable(text) and (not isinstance(value, float) or math.isfinite(value))
    fits = 0 <= number < 2**31 and (not isinstance(value, int) or -(2**31) < value < 2**31)
    return (value, number) if fits and is_one else None


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text.replace(" ", "+"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
