"""A kind of things that are moved between desks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, String, Table, func, inspect, select

from app.access import LARGEST_ID
from app.broken_rule import BrokenRule
from app.extensions import db
from app.models.base import Model
from app.models.types import Json
from app.transfer.files import Item

MOST_COUNTED = 10_000


class Unfit(BrokenRule):
    """A value that this desk cannot take; the sentence says which and why."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Kind:
    """Rows of one table, moved as they are; references to other kinds stand as stable ids."""

    name: str
    model: type[Model]
    known_by: str  # the column by which people know a row
    points: Mapping[str, str]  # column that refers: kind
    left_out: frozenset[str] = frozenset()
    moved: Callable[[], ColumnElement[bool]] | None = None  # which rows; none: all
    own_id: bool = False  # the primary key is the same on every desk

    @property
    def table(self) -> Table:
        return self.model.__table__

    @property
    def columns(self) -> dict[str, Any]:
        """What of a row stands in the file."""
        keys = () if not self.own_id else tuple(column.name for column in self.table.primary_key)
        skipped = {*self.left_out, *keys, "id"}
        return {column.name: column for column in self.table.columns if column.name not in skipped}

    def rows(self) -> Sequence[Any]:
        query = select(self.model)
        return db.session.scalars(query if self.moved is None else query.where(self.moved())).all()

    def key(self, row: Any) -> str:
        """The primary key as text."""
        return ".".join(str(part) for part in inspect(row).identity or ())

    def called(self, values: Mapping[str, Any], uid: str) -> str:
        """What people call it."""
        return str(values.get(self.known_by) or uid)

    def values(self, row: Any) -> Item:
        return {name: getattr(row, name) for name in self.columns}

    def check(self, uid: str, values: Item) -> None:
        """Raises Unfit for what this desk cannot hold. `values` are whole."""
        for name, value in values.items():
            column = self.columns[name]
            if value is None and not column.nullable:
                raise Unfit(_("“%(name)s” must not be empty.", name=name))
            if value is None or name in self.points:
                continue
            wanted = object if isinstance(column.type, type(Json)) else column.type.python_type
            is_whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_ID
            if not isinstance(value, wanted) or (wanted is int and not is_whole) or "\\u0000" in _signs(value):
                raise Unfit(_("“%(name)s” is of another kind: %(value)s.", name=name, value=repr(value)[:80]))
            if name == "names" and not _are_names(value):
                raise Unfit(_("“%(name)s” is of another kind: %(value)s.", name=name, value=repr(value)[:80]))
            if isinstance(column.type, String) and column.type.length and len(str(value)) > column.type.length:
                raise Unfit(_("“%(name)s” is too long: at most %(count)s signs.", name=name, count=column.type.length))

    def add(self, uid: str, values: Item) -> Any:
        keys = (
            dict(zip((column.name for column in self.table.primary_key), (uid,), strict=False)) if self.own_id else {}
        )
        row = self.model(**keys, **values)
        db.session.add(row)
        return row

    def change(self, row: Any, values: Item) -> None:
        for name, value in values.items():
            setattr(row, name, value)

    def remove(self, row: Any) -> None:
        db.session.delete(row)

    def finish(self, row: Any, values: Item) -> None:
        """What can be written only when every row of the kind is there."""

    def opened(self) -> Kind:
        """What carries out one plan: a kind that gathers what it writes begins each time with nothing gathered."""
        return self

    def close(self) -> None:
        """What is written for the whole kind at the end."""

    def freed(self, values: Item, ids: Mapping[str, Mapping[str, str]]) -> Item:
        """The values with the stable ids of what they name inside."""
        return values

    def bound(self, values: Item, ids: Mapping[str, Mapping[str, str]]) -> Item:
        """The values with the keys of this desk for what they name inside."""
        return values

    def inside(self, values: Item) -> Iterable[tuple[str, str]]:
        """What they name inside: each a kind and a stable id."""
        return ()

    def touched(self, row: Any) -> dict[str, int]:
        """How many rows of which tables point to it, at most MOST_COUNTED each."""
        found: dict[str, int] = {}
        for table in Model.metadata.sorted_tables:
            for column in table.columns:
                if any(key.column.table.name == self.table.name for key in column.foreign_keys):
                    own = getattr(row, next(iter(column.foreign_keys)).column.name)
                    some = select(column).where(column == own).limit(MOST_COUNTED).subquery()
                    if count := db.session.scalar(select(func.count()).select_from(some)):
                        found[table.name] = found.get(table.name, 0) + count
        return found

    def holds(self, row: Any) -> dict[str, int]:
        """What must not lose the row, so that it cannot be removed."""
        return self.touched(row)


def _signs(value: Any) -> str:
    """What it is written with; a backslash that stands for itself is left out."""
    return json.dumps(value).replace("\\\\", "")


def _are_names(value: Any) -> bool:
    """Words by language."""
    return isinstance(value, dict) and all(isinstance(text, str) and len(text) <= 80 for text in value.values())
