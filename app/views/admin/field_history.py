"""The history of fields: what each publishing changed."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l

from app.desk import field_sets
from app.desk.field_preview import changes
from app.extensions import db
from app.locale import language
from app.models import definitions
from app.models.definitions import Published
from app.models.field import FieldSet

SHOWN = 50
PARTS: dict[str, Any] = {
    "name": _l("API name"),
    "labels": _l("Names"),
    "helps": _l("Help"),
    "section": _l("Section"),
    "position": _l("Position"),
    "groups": _l("Product groups"),
    "required": _l("Has to be filled in"),
    "options": _l("Options"),
    "least": _l("At least"),
    "most": _l("At most"),
    "decimals": _l("Decimal places"),
    "currency": _l("Currency"),
    "pattern": _l("Pattern"),
    "target": _l("Leads to"),
    "default": _l("Default"),
    "searchable": _l("Found by search"),
    "filterable": _l("Filter and sort by it"),
    "in_grid": _l("Column of the list"),
    "in_export": _l("Column of exports"),
    "shown_if": _l("When it is shown"),
    "required_if": _l("When it is required"),
    "read_by": _l("Read by"),
    "write_by": _l("Filled in by"),
    "old_names": _l("Old API names"),
    "deleted_on": _l("Deleted"),
}


def history() -> list[tuple[FieldSet, list[str], bool]]:
    """Each set with the names of the fields that it changed, and whether it can be taken back: the newest first."""

    @cache
    def held(number: int) -> Published:
        return definitions.published_as(db.session(), number)

    return [
        (row, [_named(held(row.number), held(row.number - 1), field_id) for field_id in row.changed], place == 0)
        for place, row in enumerate(field_sets.history(SHOWN))
    ]


def _named(then: Published, before: Published, field_id: str) -> str:
    """The field's name, and what of it changed."""
    new, old = then.by_id(field_id), before.by_id(field_id)
    field = new or old
    if field is None:
        return field_id
    parts = ", ".join(str(PARTS.get(part, part)) for part in changes(old, new)) if new and old else ""
    return f"{field.label(language())} ({parts})" if parts else field.label(language())
