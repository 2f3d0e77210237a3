"""What a request to a resource asks for, read strictly: anything that cannot be answered is told in a sentence."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import prison
from flask import Request, Response, request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Text, false, select
from werkzeug.datastructures import MultiDict

from app.access import LARGEST_ID
from app.models.ranges import Aside, Indexed, same_text
from app.signs import is_storable
from app.views.api.body import without_doubles

Column = Any  # an attribute of the rows, or an order of its own (app/models/field_column.py)
DEFAULT_SIZE = 20
LARGEST_SIZE = 100
LAST_ROW = 10_000
LONGEST_NAME = 100  # of a key, as far as an answer repeats it
MOST_FILTERS = 50
PARAMETERS = ("q", "after", "_l_")
ITEM_KEYS = ("columns", "keys")  # `keys` says which labels Flask-AppBuilder shall add; here are none
LIST_KEYS = (*ITEM_KEYS, "filters", "order_column", "order_direction", "page", "page_size", "after")
FILTER_KEYS = ("col", "opr", "value")
KINDS: Mapping[type, dict[str, Any]] = {
    datetime: {"type": "string", "format": "date-time"},
    int: {"type": ["integer", "string"]},
    bool: {"type": "boolean"},
}
SPACE_BEFORE_ZONE = re.compile(r" (?=\d{2}:?\d{2}$)")  # an address turns + into a space


class Refused(ValueError):
    """Its text is a translated sentence that says what was not understood."""


@dataclass(frozen=True)
class Condition:
    """What a filter asks for. Of a span of time `aside` says it so that its index is left alone."""

    plain: ColumnElement[bool]
    span: ColumnElement[bool] | None = None
    indexed: Indexed | None = None  # the same, where an index of its own answers it (app/models/narrowed.py)

    @property
    def aside(self) -> ColumnElement[bool]:
        return self.plain if self.span is None else self.span


@dataclass(frozen=True)
class Filterable:
    """A column that may be filtered: plain by `eq`, a time also by `gt` and `lt`, a relation by `rel_o_m`.

    Where `column` stands in a table of its own, `by` is the id of the listed rows and the column there that names it.
    """

    column: Column
    relation: bool = False
    by: tuple[Column, Column] | None = None

    @property
    def operators(self) -> tuple[str, ...]:
        if self.relation:
            return ("rel_o_m",)
        return ("eq", "gt", "lt") if self.column.type.python_type is datetime else ("eq",)

    @property
    def value_schema(self) -> dict[str, Any]:
        """What the column can be asked for, as JSON Schema."""
        return KINDS.get(self.column.type.python_type, {"type": ["string", "number"]})

    def condition(self, name: str, operator: str, value: Any) -> Condition:
        """The condition in SQL. Raises Refused."""
        if operator not in self.operators:
            raise Refused(
                _(
                    "Column %(name)s can be filtered by %(operators)s only.",
                    name=name,
                    operators=", ".join(self.operators),
                )
            )
        wanted = value_for(self.column, value, name)
        if wanted is None:
            return Condition(false())
        if self.by is not None:
            row_id, named = self.by
            return Condition(row_id.in_(select(named).where(self.column == wanted)))
        if operator == "gt":
            return Condition(self.column > wanted, Aside(self.column) > wanted)
        if operator == "lt":
            return Condition(self.column < wanted, Aside(self.column) < wanted)
        if isinstance(self.column.type, Text):
            return Condition(same_text(self.column, wanted))
        return Condition(self.column == wanted)


@dataclass(frozen=True)
class Asked:
    """A list: which columns of which rows, in which order, and which page."""

    columns: tuple[str, ...]
    conditions: tuple[Condition, ...]
    order: Column
    descending: bool
    page: int
    size: int
    after: str | None

    @property
    def has_spans(self) -> bool:
        """Whether a filter leaves a span of time, which may be of few rows or of most."""
        return any(condition.span is not None for condition in self.conditions)

    @property
    def offset(self) -> int:
        """How many rows the page comes after; none when its cursor says where it begins."""
        return 0 if self.after is not None else self.page * self.size


def arguments(request: Request, keys: Collection[str]) -> dict[str, Any]:
    """The rison (or JSON) of `q`, which has none but these keys. Raises Refused.

    What is not known is refused by its name: were a misspelt filter left out, the answer would hold every row.
    """
    refuse_others(request.args, PARAMETERS)
    text = request.args.get("q", "")
    if not text:
        return {}
    found = _parsed(text)
    if not isinstance(found, dict):
        raise Refused(_("The parameter q is not an object in rison."))
    _refuse_unknown(found, keys)
    return found


def refuse_others(args: MultiDict[str, str], known: Collection[str]) -> None:
    """Parameters that are not known, or that stand twice. Raises Refused, which names the first."""
    _refuse_unknown(args, known)
    doubled = [name for name in args if len(args.getlist(name)) > 1]
    if doubled:
        raise Refused(_("The parameter %(name)s may stand once.", name=doubled[0]))


def linked(answer: Response, cursor: str | None) -> Response:
    """The answer, with the address of the page that follows in its header Link (RFC 8288)."""
    if cursor is not None:
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != "after"]
        answer.headers["Link"] = f'<{request.path}?{urlencode([*kept, ("after", cursor)])}>; rel="next"'
    return answer


def _refuse_unknown(given: Iterable[str], known: Collection[str]) -> None:
    unknown = [str(name)[:LONGEST_NAME] for name in given if name not in known]
    if unknown:
        raise Refused(_("There is no %(name)s here; there are %(names)s.", name=unknown[0], names=", ".join(known)))


def read_list(
    args: Mapping[str, Any],
    after: str | None,
    *,
    columns: tuple[str, ...],
    filterable: Mapping[str, Filterable],
    sortable: Mapping[str, Column],
) -> Asked:
    """The list that the arguments ask for, by default sorted by the first of `sortable`. Raises Refused."""
    order = args.get("order_column", next(iter(sortable)))
    direction = args.get("order_direction", "asc")
    if not isinstance(order, str) or order not in sortable:
        raise Refused(_("The list can be sorted by %(columns)s only.", columns=", ".join(sortable)))
    if direction not in ("asc", "desc"):
        raise Refused(_("The direction of a sort is asc or desc."))
    page, size, after = _page(args), _size(args), args.get("after") if after is None else after
    if after is not None and not isinstance(after, str):
        raise Refused(_("The cursor is not one that an earlier answer gave as next."))
    if after is None and (page + 1) * size > LAST_ROW:
        raise Refused(_("Beyond row %(last)s go on with after and the cursor given as next.", last=LAST_ROW))
    return Asked(
        read_columns(args, columns),
        _conditions(args.get("filters", []), filterable),
        sortable[order],
        direction == "desc",
        page,
        size,
        after,
    )


def read_columns(args: Mapping[str, Any], columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that the answer shall have, all by default. Raises Refused."""
    chosen = args.get("columns", [])
    if not isinstance(chosen, list) or any(name not in columns for name in chosen):
        raise Refused(_("The columns are %(columns)s.", columns=", ".join(columns)))
    return tuple(chosen) or columns


def value_for(column: Column, value: Any, name: str) -> Any:
    """The value as the column holds it; None for one that no row can have. Raises Refused."""
    kind = column.type.python_type
    if kind is datetime:
        return instant(value, name)
    if kind is int:
        return _number(value, name)
    if kind is bool:
        return _yes_or_no(value, name)
    if kind is float:
        return _any_number(value, name)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise Refused(_("The value for %(name)s is not a text.", name=name))
    return str(value) if is_storable(str(value)) else None


def instant(value: Any, name: str) -> datetime:
    """An ISO 8601 instant, in UTC unless it says another zone. Raises Refused."""
    try:
        found = datetime.fromisoformat(SPACE_BEFORE_ZONE.sub("+", value))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused(_("The value for %(name)s is not an instant by ISO 8601.", name=name)) from error


def _number(value: Any, name: str) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,30}", value):
        value, whole = int(value), True
    if not whole:
        raise Refused(_("The value for %(name)s is not a whole number.", name=name))
    return int(value) if -LARGEST_ID <= value <= LARGEST_ID else None


def _any_number(value: Any, name: str) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise Refused(_("The value for %(name)s is not a number.", name=name))
    return found


def _yes_or_no(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise Refused(_("The value for %(name)s is not true or false.", name=name))
    return value


def _conditions(filters: Any, filterable: Mapping[str, Filterable]) -> tuple[Condition, ...]:
    if (
        not isinstance(filters, list)
        or not all(isinstance(one, dict) for one in filters)
        or len(filters) > MOST_FILTERS
    ):
        raise Refused(_("The filters are a list of col, opr and value."))
    return tuple(_condition(one, filterable) for one in filters)


def _condition(one: Mapping[str, Any], filterable: Mapping[str, Filterable]) -> Condition:
    _refuse_unknown(one, FILTER_KEYS)
    name = one.get("col")
    if not isinstance(name, str) or name not in filterable:
        raise Refused(_("Only these columns can be filtered: %(columns)s.", columns=", ".join(filterable)))
    return filterable[name].condition(name, str(one.get("opr")), one.get("value"))


def _page(args: Mapping[str, Any]) -> int:
    page = args.get("page", 0)
    if not isinstance(page, int) or isinstance(page, bool) or page < 0:
        raise Refused(_("The page is a whole number from 0."))
    return page


def _size(args: Mapping[str, Any]) -> int:
    """At most LARGEST_SIZE; -1 asks for as many as there may be (Flask-AppBuilder's convention)."""
    size = args.get("page_size", DEFAULT_SIZE)
    if not isinstance(size, int) or isinstance(size, bool) or size == 0 or size < -1:
        raise Refused(_("The page size is a whole number from 1 to %(largest)s.", largest=LARGEST_SIZE))
    return LARGEST_SIZE if size == -1 else min(size, LARGEST_SIZE)


def _parsed(text: str) -> Any:
    try:
        return prison.loads(text)
    except Exception:  # The parser raises whatever its input makes it stumble over.
        try:
            return json.loads(text, object_pairs_hook=without_doubles)
        except (ValueError, RecursionError) as error:
            raise Refused(_("The parameter q is neither rison nor JSON.")) from error
