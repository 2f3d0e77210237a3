"""What requests about definitions of fields may say, and what is answered."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as kinds

from app.access import KINDS
from app.desk.field_sets import LONGEST_REASON
from app.fields import Kind
from app.fields.definition import Target
from app.views.api.bodies import MOST_GROUPS, Whole
from app.views.api.body import Body, Code, Filled, Language, Line, RowId, Several, Truth, Words

Plain = dict[str, Any]
ROLES = tuple(KINDS)


class Said(kinds.Dict):
    """Words by language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(keys=Language(), values=Words(500), **options)


class DefinitionChange(Body):
    """What changes of a field; only the keys that are given do. A field of another kind takes the place of this one."""

    kind = Code(*Kind)
    name = Line(60)
    labels = Said()
    helps = Said()
    section = Said()
    position = Whole(0, 100_000)
    groups = Several(RowId(), MOST_GROUPS)
    required = Truth()
    options = Several(Filled(), 1_000)
    least = kinds.Raw(allow_none=True)
    most = kinds.Raw(allow_none=True)
    decimals = Whole(0, 6)
    currency = Line(3)
    pattern = Line(500)
    target = Code("", *Target)
    default = kinds.Raw(allow_none=True)
    searchable = Truth()
    filterable = Truth()
    in_grid = Truth()
    in_export = Truth()
    shown_if = Filled(allow_none=True)
    required_if = Filled(allow_none=True)
    read_by = Several(Code(*ROLES), len(ROLES))
    write_by = Several(Code(*ROLES), len(ROLES))
    deleted = Truth()
    reason = Line(LONGEST_REASON)
    preview = Truth()


class NewDefinition(DefinitionChange):
    """A field more. With `preview` it is only looked at."""

    owner = Line(60, least=1, required=True)
    kind = Code(*Kind, required=True)
    name = Line(60, required=True)
    labels = Said(required=True)


SHOWN: Plain = {
    "type": "object",
    "required": ["id", "version", "owner", "kind", "name", "labels", "deleted"],
    "properties": {
        "id": {"type": "string"},
        "version": {"type": "integer", "description": "Also the ETag"},
        "owner": {"type": "string"},
        "kind": {"enum": [str(kind) for kind in Kind]},
        "name": {"type": "string"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "deleted": {"type": "boolean"},
    },
    "description": "A field. Keys that say what is so by default are left out.",
}
ONE: Plain = {
    "type": "object",
    "required": ["id", "result"],
    "properties": {"id": {"type": "string"}, "result": {"$ref": "#/components/schemas/Definition"}},
}
PREVIEWED: Plain = {
    "type": "object",
    "required": ["preview"],
    "properties": {
        "preview": {
            "type": "object",
            "required": ["changed", "looked_at", "rows", "misfits", "dependents", "letters", "asking", "keys"],
            "properties": {
                "changed": {"type": "array", "items": {"type": "string"}},
                "looked_at": {"type": "integer"},
                "rows": {"type": "integer", "description": "With a value"},
                "misfits": {"type": "integer", "description": "Whose value would not fit"},
                "dependents": {"type": "array", "items": {"type": "string"}},
                "letters": {"type": "array", "items": {"type": "string"}},
                "asking": {"type": "array", "items": {"type": "string"}},
                "keys": {"type": "array", "items": {"type": "string"}},
            },
        }
    },
}
