"""How entries, their texts and content types look to those who write them."""

from __future__ import annotations

from marshmallow import Schema
from marshmallow import fields as kinds

from app.views.api.schemas import Named


class Tag(Schema):
    name = kinds.String()


class TextKey(Schema):
    """One of the texts of an entry, and how far it is."""

    id = kinds.Integer(required=True)
    language = kinds.String(required=True)
    state = kinds.String(required=True)
    version = kinds.Integer(required=True)
    title = kinds.String(required=True)


class EntrySchema(Schema):
    """An entry: what holds for all its languages, and its texts."""

    id = kinds.Integer()
    type = kinds.String(attribute="type_code")
    source_language = kinds.String()
    visibility = kinds.String()
    organisations = kinds.Nested(Named, many=True)
    product_groups = kinds.Nested(Named, many=True, attribute="groups")
    tags = kinds.Pluck(Tag, "name", many=True)
    created_at = kinds.DateTime()
    changed_at = kinds.DateTime()
    binned_at = kinds.DateTime(allow_none=True)
    texts = kinds.Nested(TextKey, many=True, attribute="variants")


class TextSchema(Schema):
    """A text: its newest words, and how far they are. `published_version` is what readers get; null is nothing."""

    id = kinds.Integer()
    entry = kinds.Integer(attribute="entry_id")
    language = kinds.String()
    state = kinds.String()
    version = kinds.Integer()
    title = kinds.String()
    summary = kinds.String()
    body = kinds.String(metadata={"description": "Markdown"})
    address = kinds.String(attribute="slug")
    fields = kinds.Dict()  # type: ignore[assignment]  # Marshmallow takes declared fields off the class
    published_version = kinds.Integer(attribute="published.version", dump_default=None, allow_none=True)
    source_version = kinds.Integer(
        allow_none=True, metadata={"description": "The version of the source that it was translated from"}
    )
    out_of_date = kinds.Boolean(attribute="is_out_of_date")
    publish_at = kinds.DateTime(allow_none=True)
    withdraw_at = kinds.DateTime(allow_none=True)
    changed_at = kinds.DateTime()


class VersionSchema(Schema):
    """A version of a text, whole."""

    version = kinds.Integer(attribute="number")
    author = kinds.Nested(Named, attribute="account", allow_none=True)
    saved_at = kinds.DateTime(attribute="created_at")
    title = kinds.String(attribute="data.title")
    summary = kinds.String(attribute="data.summary")
    body = kinds.String(attribute="data.body")
    address = kinds.String(attribute="data.slug")
    fields = kinds.Dict()  # type: ignore[assignment]


class ContentTypeSchema(Schema):
    code = kinds.String()
    name_pl = kinds.String()
    name_en = kinds.String()
    names = kinds.Dict(keys=kinds.String(), values=kinds.String(), metadata={"description": "In further languages"})
    built_in = kinds.Boolean()
    visibility = kinds.String()
    translated = kinds.Boolean()
    reviewed = kinds.Boolean()
    versioned = kinds.Boolean()
    writers = kinds.List(kinds.String())
