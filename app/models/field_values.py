"""A row's values as they are kept: with their keys, the number of the set, and the side table of several values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.fields import Definition, Kind, stored
from app.models.definitions import Published
from app.models.field import FieldValue

ASIDE = frozenset({Kind.CHOICES, Kind.TREE})  # no index of JSON finds one of several values


class Filled(Protocol):
    """A row with fields."""

    id: Any
    fields: Any
    fields_set: Any


def keep(
    session: Session, row: Filled, definitions: Sequence[Definition], values: Mapping[str, Any], published: Published
) -> None:
    """Keep the values under the number of the set. Of fields that can be filtered by, several values are rows too."""
    row.fields = stored(definitions, values)
    row.fields_set = published.number
    aside = [each for each in definitions if each.kind in ASIDE and each.filterable]
    if aside:
        session.flush()
        session.execute(
            delete(FieldValue).where(FieldValue.row_id == row.id, FieldValue.field_id.in_(each.id for each in aside))
        )
        session.add_all(
            FieldValue(field_id=each.id, value=value, row_id=row.id)
            for each in aside
            for value in values_of(each, values.get(each.id))
        )


def values_of(definition: Definition, value: Any) -> Iterable[str]:
    """What the row is found by: each choice, and each step of a tree."""
    if definition.kind == Kind.TREE:
        found: list[str] = []
        option = definition.option(value) if value else None
        while option is not None and option.key not in found:
            found.append(option.key)
            option = definition.option(option.parent)
        return found
    return value or ()


def values(row: Filled) -> dict[str, Any]:
    """The row's values by field id, without the keys beside them."""
    return {field_id: value for field_id, value in (row.fields or {}).items() if not field_id.endswith("~")}
