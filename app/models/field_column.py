"""A field's value as SQL: spelled by one function for queries and for indexes, or no index would ever be used.

SQLite uses the index of an expression only where the query has the same one, to the letter and without parameters;
PostgreSQL likewise. So the id, which is 32 hexadecimal digits, stands in the text itself.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Dialect, and_, exists, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType, String, TypeDecorator, TypeEngine

from app.fields import KEYED, Definition, Kind, order_key
from app.fields.kinds import EXACT, LITERAL, SORTABLE
from app.fields.order import KEY
from app.models.field import FieldValue
from app.models.field_values import ASIDE, values_of
from app.models.narrowed import HELD
from app.models.ranges import Indexed, Order

SORTED = "sorted"
AN_ID = re.compile(r"[0-9a-f]{32}~?")
NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.YES_NO, Kind.REFERENCE})


class JsonNumber(TypeDecorator[Any]):
    """A number or a truth of a JSON column: PostgreSQL compares it as JSONB, which sorts numbers and never fails."""

    impl = NullType
    cache_ok = True
    python_type = float

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else NullType())


class Stored(ColumnElement[Any]):
    """The value that a row keeps of a field, or the key by which it sorts."""

    inherit_cache = False

    def __init__(self, column: InstrumentedAttribute[Any], key: str, *, is_number: bool) -> None:
        if not AN_ID.fullmatch(key):
            raise ValueError(f"{key!r} is no id of a field.")
        self.column, self.field_key, self.is_number = column, key, is_number
        self.type = JsonNumber() if is_number else String()

    def spelled(self, dialect: str, column: str) -> str:
        """The expression over a column of that name."""
        if dialect == "sqlite":
            return f"""json_extract({column}, '$."{self.field_key}"')"""
        return (
            f"({column} -> '{self.field_key}')"
            if self.is_number
            else f"(({column} ->> '{self.field_key}') COLLATE \"C\")"
        )


@compiles(Stored)
def _stored(element: Stored, compiler: SQLCompiler, **options: Any) -> str:
    return element.spelled(compiler.dialect.name, compiler.process(element.column.expression, **options))


def value_column(model: type[Any], definition: Definition) -> Stored:
    """What a filter compares: the value itself, of money its key in hundredths."""
    money = definition.kind == Kind.MONEY
    return Stored(model.fields, definition.id + (KEY if money else ""), is_number=definition.kind in NUMBERS)


def order_column(model: type[Any], definition: Definition) -> Stored:
    """What a list sorts by: the key where values do not sort as they are kept."""
    keyed = definition.kind in KEYED
    return Stored(model.fields, definition.id + (KEY if keyed else ""), is_number=definition.kind in NUMBERS)


def equals(model: type[Any], definition: Definition, value: Any) -> ColumnElement[bool]:
    """Rows whose value it is; of several choices those that have it, of a tree also those beneath it."""
    if definition.kind in ASIDE:
        held = (FieldValue.field_id == definition.id, FieldValue.value == value, FieldValue.row_id == model.id)
        return exists(select(FieldValue.row_id).where(*held))
    if definition.kind in LITERAL:  # by the key, whose index also sorts; the value itself decides
        near = order_column(model, definition) == order_key(definition, value)
        return and_(near, value_column(model, definition) == value)
    wanted = order_key(definition, value) if definition.kind == Kind.MONEY else value
    return value_column(model, definition) == wanted


def indexed(model: type[Any], definition: Definition, clause: ColumnElement[bool], value: Any = None) -> Indexed:
    """A filter by the field, and what its index makes of it. `value` where it asks for one."""
    if definition.kind in ASIDE:
        held = and_(FieldValue.field_id == definition.id, FieldValue.value == value)
        return Indexed(definition.id, clause, (FieldValue.row_id,), aside=(FieldValue.row_id, held))
    first = model.updated_at if definition.kind in EXACT else order_column(model, definition)
    is_near = definition.kind in LITERAL and value is not None
    near = order_column(model, definition) == order_key(definition, value) if is_near else None
    return Indexed(definition.id, clause, (first, model.id), near=near)


def indexed_order(model: type[Any], definition: Definition) -> Indexed:
    """The rows that a list sorted by the field shows."""
    listed_by = (order_column(model, definition), model.id)
    return Indexed(definition.id, has_value(model, definition), listed_by, is_order=True)


def holds_key(model: type[Any], definition: Definition, key: str) -> ColumnElement[bool]:
    """The same for one of several choices and trees, read off the row itself: for tables that no side table is of."""
    column = value_column(model, definition)
    if definition.kind == Kind.CHOICES:
        return column.contains(f'"{key}"', autoescape=True)
    return column.in_([each.key for each in definition.options if key in values_of(definition, each.key)])


def beyond(model: type[Any], definition: Definition, value: Any, *, above: bool) -> ColumnElement[bool]:
    """Rows whose value lies above the given one, or below."""
    column, bound = order_column(model, definition), order_key(definition, value)
    return column > bound if above else column < bound


def between(model: type[Any], definition: Definition, least: Any, most: Any) -> ColumnElement[bool]:
    """Rows whose value lies from `least` to `most`, of which one may be None."""
    column = order_column(model, definition)
    bounds = [None if bound is None else order_key(definition, bound) for bound in (least, most)]
    found = [column >= bounds[0]] if bounds[0] is not None else []
    return and_(*found, *([column <= bounds[1]] if bounds[1] is not None else []))


def index_columns(definition: Definition, dialect: str) -> str | None:
    """What the index of a field lists, as DDL has it; None where a side table finds its values."""
    if definition.kind in ASIDE:
        return None
    column = Stored(None, _index_key(definition), is_number=definition.kind in NUMBERS)  # type: ignore[arg-type]
    spelled = column.spelled(dialect, "fields")
    first = ("updated_at", "id") if definition.kind in EXACT else ("id",)
    return ", ".join([spelled, *first, *(name for name in HELD if name not in first)])


def _index_key(definition: Definition) -> str:
    return definition.id + (KEY if definition.kind in KEYED else "")


def order_of(model: type[Any], definition: Definition) -> Order:
    """The order of a list by a field, from the least on. It holds only rows that have a value."""
    column = order_column(model, definition)
    return Order(column.label(SORTED), model.id, descending=False, read=lambda row: row.fields.get(column.field_key))


def has_value(model: type[Any], definition: Definition) -> ColumnElement[bool]:
    return order_column(model, definition).is_not(None)


def may_sort(definition: Definition) -> bool:
    return definition.filterable and definition.kind in SORTABLE
