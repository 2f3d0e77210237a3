"""A field as JSON Schema (2020-12), for reading and for writing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from app.fields.definition import Definition, Kind
from app.fields.kinds import CHOOSING, NUMERIC
from app.fields.take import default_of
from app.fields.values import LARGEST, MOST_CHOICES, TEXTS, longest_of

FORMATS = {Kind.DATE: "date", Kind.DATETIME: "date-time", Kind.EMAIL: "email", Kind.URL: "uri"}
FILE = {
    "type": "object",
    "required": ["name", "size", "content_type", "sha256"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "size": {"type": "integer"},
        "content_type": {"type": "string"},
        "sha256": {"type": "string"},
    },
}


def schema_of(definition: Definition, language: str, *, writing: bool = False) -> dict[str, Any]:
    """What its value is; null is an empty one. Options that were withdrawn may be read and not written.

    A definition that is wrong itself takes anything: what is given waits until it is mended.
    """
    try:
        found = _bare(definition, language, writing)
    except (ValueError, TypeError, re.error):
        found = {}
    found["title"] = definition.label(language)
    if definition.help(language):
        found["description"] = definition.help(language)
    if writing and default_of(definition) is not None:
        found["default"] = definition.default
    return found


def object_schema(
    definitions: Iterable[Definition], language: str, *, writing: bool = False, creating: bool = False
) -> dict[str, Any]:
    """The values of one row by API name, with the names that still answer for a while, marked as deprecated."""
    definitions = tuple(definitions)
    properties = {each.name: schema_of(each, language, writing=writing) for each in definitions}
    today = date.today().isoformat()  # noqa: DTZ011 a name's last day is the same day everywhere
    for each in definitions:
        for name, until in each.old_names.items():
            if until >= today and name not in properties:
                properties[name] = {**schema_of(each, language, writing=writing), "deprecated": True}
    found: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    required = [each.name for each in definitions if creating and each.required and _always(each)]
    return found | ({"required": required} if required else {})


def _always(definition: Definition) -> bool:
    """Whether nothing but the field itself decides that a value is needed; an old name may give it as well."""
    return definition.shown_if is None and definition.default is None and not definition.old_names


def _bare(definition: Definition, language: str, writing: bool) -> dict[str, Any]:
    kind = definition.kind
    if kind in CHOOSING:
        return _chosen(definition, language, writing)
    if kind == Kind.NUMBER:
        return _number(definition, writing)
    if kind == Kind.MONEY:
        pattern = r"^-?[0-9]{1,15}(\.[0-9]{1,2})?$" if writing else r"^-?[0-9]{1,15}\.[0-9]{2}$"
        return {"type": ["string", "null"], "pattern": pattern, "x-currency": definition.currency}
    if kind == Kind.YES_NO:
        return {"type": ["boolean", "null"]}
    if kind == Kind.REFERENCE:
        return {"type": ["integer", "null"], "x-target": definition.target}
    if kind == Kind.FILE:
        return {"anyOf": [FILE, {"type": "null"}]}
    found: dict[str, Any] = {"type": ["string", "null"]}
    if kind in FORMATS:
        found["format"] = FORMATS[kind]
    if writing and kind in TEXTS:
        found["maxLength"] = longest_of(definition)
    if writing and kind == Kind.PATTERN:
        found["pattern"] = re.compile(f"^(?:{definition.pattern})$").pattern
    return found


def _chosen(definition: Definition, language: str, writing: bool) -> dict[str, Any]:
    """The keys with what they mean, by `oneOf`: a bare `enum` has no place for labels."""
    options = [option for option in definition.options if not (writing and option.withdrawn)]
    keys = [option.key for option in options]
    labels = {option.key: option.labels.get(language, option.key) for option in options}
    one = {"type": "string", "enum": keys, "x-labels": labels}
    if definition.kind != Kind.CHOICES:
        return {**one, "type": ["string", "null"], "enum": [*keys, None]}
    return {"type": ["array", "null"], "items": one, "maxItems": int(definition.most or MOST_CHOICES)}


def _number(definition: Definition, writing: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"type": ["number" if definition.decimals else "integer", "null"]}
    if writing and definition.kind in NUMERIC:
        found["minimum"] = _json(definition.least, 1 - int(LARGEST))
        found["maximum"] = _json(definition.most, int(LARGEST) - 1)
    return found


def _json(bound: Any, otherwise: int) -> int | float:
    if bound in (None, ""):
        return otherwise
    number = float(bound)
    return int(number) if number.is_integer() else number
