"""What a list can be asked for, as JSON Schema: the description's other half of asked.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.views.api.asked import MOST_FILTERS

Plain = dict[str, Any]
CLOSED: Plain = {"additionalProperties": False}


def list_schema(columns: Sequence[str], filterable: Mapping[str, Any], sortable: Mapping[str, Any]) -> Plain:
    """The parameter `q` of a list."""
    properties: Plain = {
        **columns_schema(columns)["properties"],
        "filters": {
            "type": "array",
            "maxItems": MOST_FILTERS,
            "items": {"oneOf": [_filter(name, filtered) for name, filtered in filterable.items()]},
        },
        "order_column": {"enum": list(sortable), "default": next(iter(sortable))},
        "order_direction": {"enum": ["asc", "desc"], "default": "asc"},
        "page": {"type": "integer", "minimum": 0, "description": "Counted from 0; down to the 10,000th row"},
        "page_size": {"type": "integer", "minimum": -1, "not": {"const": 0}, "description": "At most 100; -1 is 100"},
        "after": {"type": "string", "minLength": 3, "description": "The cursor that an earlier answer gave as next"},
    }
    return {"type": "object", "properties": properties} | CLOSED


def columns_schema(columns: Sequence[str]) -> Plain:
    """The parameter `q` of an item."""
    chosen = {"type": "array", "items": {"enum": list(columns)}, "description": "All, where none are named"}
    ignored = {"type": "array", "items": {"type": "string"}, "description": "Which labels to add: there are none"}
    return {"type": "object", "properties": {"columns": chosen, "keys": ignored}} | CLOSED


def _filter(name: str, filtered: Any) -> Plain:
    operators = {"enum": list(filtered.operators)}
    return {
        "type": "object",
        "properties": {"col": {"const": name}, "opr": operators, "value": filtered.value_schema},
        "required": ["col", "opr", "value"],
    } | CLOSED
