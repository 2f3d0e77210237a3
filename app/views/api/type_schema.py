"""JSON Schema of a content type: what is read of its texts, and what adding and changing one takes."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from app.access import Standing
from app.access.fields import fields_of, fields_to_write
from app.extensions import db
from app.fields import object_schema
from app.locale import language
from app.models.entry import ContentType, fields_owner
from app.views.api.content_schema import CONTENT
from app.views.api.entry_bodies import NewEntry, TextChange
from app.views.api.fields import KEY, with_files

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Plain = dict[str, Any]


def schema_of(row: ContentType, kind: str, address: str, reader: Standing | None) -> Plain:
    """`kind` is read (a text as content tells it), create (POST of an entry) or change (PUT of a text).

    Of the type's fields it has those that the reader may read, or write.
    """
    said: Plain = {"$schema": DRAFT, "$id": address, "title": row.name_en}
    if kind == "read":
        read = text_of(row, reader)
        return said | read | {"required": list(read["properties"])}
    if kind == "change":
        return said | _with_fields(_of(TextChange), row, kind, reader)
    taken = _of(NewEntry)
    taken["properties"]["type"] = {"const": row.code}
    return said | _with_fields(taken, row, kind, reader)


def text_of(row: ContentType, reader: Standing | None) -> Plain:
    """What content tells of one of its texts; where columns were chosen, only they are there."""
    properties = {**CONTENT["properties"], "type": {"const": row.code}}
    return _with_fields({**CONTENT, "properties": properties}, row, "read", reader)


def _with_fields(schema: Plain, row: ContentType, kind: str, reader: Standing | None) -> Plain:
    """The schema with the fields of the type; without any it has no such key."""
    owner, properties, needed = fields_owner(row.code), schema["properties"], schema.get("required", [])
    known = (fields_of if kind == "read" else fields_to_write)(db.session(), reader, owner)
    properties.pop(KEY, None)
    if known:
        own = object_schema(known, language(), writing=kind != "read", creating=kind == "create")
        properties[KEY] = own if kind == "read" else with_files(own, known)
        needed = [*needed, KEY] if own.get("required") else needed
    found = {**schema, "properties": properties}
    return found | ({"required": needed} if needed else {})


def _of(body: type[Any]) -> Plain:
    """The keys of a body."""
    spec = APISpec(title="", version="", openapi_version="3.1.0", plugins=[MarshmallowPlugin()])
    spec.components.schema("Body", schema=body)
    found: Plain = spec.to_dict()["components"]["schemas"]["Body"]
    return found
