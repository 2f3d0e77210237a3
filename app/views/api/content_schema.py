"""What the description says of content."""

from __future__ import annotations

from typing import Any

from apispec import APISpec

from app.content.delivery import SORTS
from app.locale import DEFAULT_LANGUAGE, SPOKEN
from app.models.entry import ContentType
from app.views.api.asked import LARGEST_SIZE
from app.views.api.content_asked import COLUMNS, EXPANDED, FALLBACKS, FIELDS, TIMES
from app.views.api.content_fields import Known

Plain = dict[str, Any]
TEXT: Plain = {"type": "string"}
NUMBER: Plain = {"type": "integer"}
ENDS = ("", "_gt", "_lt")  # of the names of filters
NAMES = "|".join((*COLUMNS, FIELDS))
INSTANT: Plain = {"type": "string", "format": "date-time"}
LANGUAGE: Plain = {
    "type": "string",
    "pattern": "^[a-z]{2,3}$",
    "description": "pl, en, or a language that an administrator added (ISO 639)",
}
CONTENT: Plain = {
    "type": "object",
    "description": "A published text. Where `columns` chose some, only they are there.",
    "additionalProperties": False,
    "properties": {
        "id": {**NUMBER, "description": "Of the entry, the same in every language"},
        "type": TEXT,
        "language": LANGUAGE,
        "source_language": {**LANGUAGE, "description": "In which it was written first"},
        "version": NUMBER,
        "title": TEXT,
        "summary": TEXT,
        "body": {**TEXT, "description": "Markdown"},
        "html": {**TEXT, "description": "The body as HTML without script; its headings begin at h2"},
        "address": TEXT,
        "addresses": {
            "type": "object",
            "description": "Its address in every language in which it is published",
            "additionalProperties": TEXT,
        },
        "tags": {"type": "array", "items": TEXT},
        "product_groups": {
            "type": "array",
            "items": {
                "oneOf": [
                    NUMBER,
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["id", "name"],
                        "properties": {"id": NUMBER, "name": TEXT},
                    },
                ]
            },
        },
        "fields": {
            "type": "object",
            "description": "Of types that have some, by their names: what they are says schema/read",
        },
        "published_at": {**INSTANT, "description": "This version"},
        "first_published_at": INSTANT,
    },
}
OF_TYPE: dict[str, tuple[str, Plain, str]] = {
    "type_code": ("path", TEXT, "The type's code, such as article"),
    "kind": ("path", {"enum": ["read", "create", "change"]}, ""),
    "address_language": ("path", LANGUAGE, ""),
    "field_name": ("path", TEXT, "The field's name"),
    "pk": ("path", NUMBER, "The entry's id"),
    "text_address": ("path", TEXT, "The address, or one that the text once had"),
}
OF_READS: dict[str, tuple[str, Plain, str]] = {
    "language": ("query", {**LANGUAGE, "default": DEFAULT_LANGUAGE}, ""),
    "fallback": (
        "query",
        {"enum": list(FALLBACKS), "default": FALLBACKS[0]},
        "Whether an entry that is not published in the language is told in another",
    ),
    "columns": ("query", {**TEXT, "pattern": rf"^({NAMES})(,({NAMES}))*$"}, "Only these columns, with commas between"),
    "expand": ("query", {"enum": list(EXPANDED)}, "Tells product groups with their names"),
    "sort": (
        "query",
        {**TEXT, "pattern": rf"^-?({'|'.join(SORTS)}|fields\.[a-z][a-z0-9_]*)$", "default": "-published_at"},
        "By a field only what has a value of it is told",
    ),
    "page_size": ("query", {**NUMBER, "minimum": 1, "maximum": LARGEST_SIZE, "default": 20}, ""),
    "after": ("query", {**TEXT, "pattern": "~[0-9]+$"}, "The cursor that an answer gave as next"),
    "id": (
        "query",
        {**TEXT, "pattern": "^[0-9]{1,10}(,[0-9]{1,10}){0,99}$"},
        "Ids of entries, at most 100, with commas between",
    ),
    "tag": ("query", {"type": "array", "items": TEXT}, "May stand several times: all hold"),
    "product_group": (
        "query",
        {"type": "array", "items": {**NUMBER, "minimum": 0}},
        "May stand several times: all hold",
    ),
    "address": ("query", TEXT, ""),
    **dict.fromkeys(TIMES, ("query", INSTANT, "")),
    "_l_": ("query", LANGUAGE, "The language of a refusal"),
}
ONE: Plain = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "language", "fallback", "result"],
    "properties": {
        "id": NUMBER,
        "language": {**LANGUAGE, "description": "What was asked for"},
        "fallback": {"type": ["string", "null"], "description": "The language that stands in for it"},
        "result": {"$ref": "#/components/schemas/Content"},
    },
}
PAGE: Plain = {
    "type": "object",
    "additionalProperties": False,
    "required": ["count", "count_capped", "ids", "language", "fallbacks", "next", "result"],
    "properties": {
        "count": {**NUMBER, "description": "How many there are, counted up to 10,000"},
        "count_capped": {"type": "boolean", "description": "Whether there are more than that"},
        "ids": {"type": "array", "items": NUMBER, "description": "Of the entries"},
        "language": {**LANGUAGE, "description": "What was asked for"},
        "fallbacks": {
            "type": "object",
            "description": "Of each entry, by its id, that is told in another language: which",
            "additionalProperties": LANGUAGE,
        },
        "next": {"type": ["string", "null"], "description": "The cursor of the next page, to be given as after"},
        "result": {"type": "array", "items": {"$ref": "#/components/schemas/Content"}},
    },
}


def add_components(spec: APISpec) -> None:
    """The parts to which operations on content refer."""
    spec.components.schema("Content", CONTENT)
    for name, schema in (("ContentText", ONE), ("ContentPage", PAGE)):
        spec.components.schema(name, schema)
    for name, (place, schema, says) in {**OF_TYPE, **OF_READS}.items():
        offered = {"enum": list(SPOKEN)} if name == "language" else {}
        said = {"name": _name(name), "schema": schema | offered, "required": place == "path"}
        said |= {"description": says} if says else {}
        spec.components.parameter(f"Content.{name}", place, said)


def add_type(document: Plain, row: ContentType, known: Known, text: Plain) -> None:
    """Put in the addresses of one content type, said exactly: its filters, its orders and what its texts hold."""
    document["components"]["schemas"][f"Content.{row.code}"] = text
    own = {"$ref": f"#/components/schemas/Content.{row.code}"}
    for rest, result in (("", {"type": "array", "items": own}), ("{pk}", own)):
        general = document["paths"][f"/api/v1/content/{{type_code}}/{rest}"]["get"]
        said = {**general, "operationId": f"{general['operationId']}_{row.code}", "parameters": []}
        for each in general["parameters"]:
            name = each["$ref"].rpartition("Content.")[2]
            if name != "type_code":
                said["parameters"].append(_sort(known) if name == "sort" else each)
        if not rest:
            said["parameters"] += [_filter(name, known) for name in known.filters()]
        answered = general["responses"]["200"]
        schema = answered["content"]["application/json"]["schema"]
        exact = {"allOf": [schema, {"properties": {"result": result}}]}
        said["responses"] = {
            **general["responses"],
            "200": {**answered, "content": {"application/json": {"schema": exact}}},
        }
        document["paths"][f"/api/v1/content/{row.code}/{rest}"] = {"get": said}


def _sort(known: Known) -> Plain:
    names = (*SORTS, *known.sorts())
    orders = {"enum": [*names, *(f"-{name}" for name in names)], "default": "-published_at"}
    return {"name": "sort", "in": "query", "schema": orders}


def _filter(name: str, known: Known) -> Plain:
    """A filter by a field. Under a name that the field had once it is deprecated."""
    is_old = all(
        name.removeprefix(f"{FIELDS}.") not in (f"{each.name}{end}" for end in ENDS) for each in known.definitions
    )
    return {"name": name, "in": "query", "schema": TEXT, **({"deprecated": True} if is_old else {})}


def _name(name: str) -> str:
    """Parameters of the path are called as the route calls them."""
    return {"address_language": "language", "text_address": "address", "field_name": "name"}.get(name, name)
