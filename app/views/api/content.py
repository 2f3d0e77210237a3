"""Content by API: published texts of every type, for whoever may read them, without a token what is for everyone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from apispec import APISpec
from flask import Response, current_app, request
from flask_appbuilder.api import expose
from sqlalchemy import select

from app import caller
from app.access import LARGEST_ID
from app.accounts import keys
from app.content import delivery
from app.content.delivery import Text
from app.content.documents import etag_of
from app.extensions import db
from app.models.entry import ContentType
from app.views import visitor
from app.views.api import content_asked, content_schema
from app.views.api.asked import linked
from app.views.api.content_asked import OF_ITEMS, OF_LISTS, Shape
from app.views.api.content_fields import Known, known_to
from app.views.api.description import Described, refusing
from app.views.api.entry_bodies import LONGEST_CODE
from app.views.api.fields import file_named
from app.views.api.reader import reader_of
from app.views.api.refusals import Missing
from app.views.api.type_schema import schema_of, text_of

OF_ADDRESSES = ("columns", "expand", "_l_")
OF_FILES = ("language", "fallback", "_l_")
OF_SCHEMAS = ("_l_",)
PARAMETERS = {
    "get_list": ("type_code", *OF_LISTS),
    "get": ("type_code", "pk", *OF_ITEMS),
    "schema": ("type_code", "kind", *OF_SCHEMAS),
    "file": ("type_code", "pk", "field_name", *OF_FILES),
    "at": ("type_code", "address_language", "text_address", *OF_ADDRESSES),
}


class ContentApi(Described):
    """It asks for no permission: which texts somebody may read says app/access/entries.py."""

    resource_name = "content"
    openapi_spec_tag = "content"

    def add_apispec_components(self, api_spec: APISpec) -> None:
        super().add_apispec_components(api_spec)
        content_schema.add_components(api_spec)

    def operation_helper(self, operations: dict[str, Any], func: Callable[..., Any], **rest: Any) -> None:
        """Reads share their parameters, and how they refuse."""
        super().operation_helper(operations=operations, func=func, **rest)
        operations["get"]["parameters"] = [f"Content.{name}" for name in PARAMETERS[func.__name__]]
        operations["get"]["responses"] |= refusing("401", "403", "404", "422")

    def describe(self, document: dict[str, Any]) -> None:
        """A path for each type, beside those that take any."""
        reader = caller.acting() and visitor.standing()
        if reader is None:
            return
        for row in db.session.scalars(select(ContentType).order_by(ContentType.code)):
            if keys.allows(row.code):
                content_schema.add_type(document, row, known_to(reader, row.code), text_of(row, reader))

    @expose("/<type_code>/", methods=["GET"])
    def get_list(self, type_code: str) -> Response:
        """The published texts of a type, one of each entry
        ---
        get:
          description: >-
            The newest first. An entry that is not published in the language is told in another, as `fallbacks` says.
            The answer carries an ETag: sent back as If-None-Match it brings 304 until something has changed.
          security: [{}, {jwt: []}]
          responses:
            200:
              description: What is published
              content: {application/json: {schema: {$ref: '#/components/schemas/ContentPage'}}}
            304: {description: Nothing has changed since the ETag that If-None-Match names}
        """
        reader = reader_of(type_code)
        known = known_to(reader, type_code)
        is_filled = bool(known.definitions)
        how, wanted = content_asked.wanted(
            type_code, request.args, filled=is_filled, by_field=known.filters(), sorts=known.sorts()
        )
        keys.note_fields(known.named_in(request.args))
        said = (f"{name}={value}" for name, value in sorted(request.args.items(multi=True)))
        asked = (type_code, *known.stamp, *said)
        if request.if_none_match and not request.if_none_match.star_tag and not how.expand:
            etag = etag_of(delivery.stamp(reader), *asked)
            if _is_known(etag):
                return _unchanged(etag)
        found = delivery.page(reader, wanted)
        if found is None:
            raise Missing
        etag = etag_of(found.stamp, *asked)
        if _is_known(etag):
            return _unchanged(etag)
        last = found.rows[-1] if found.more else None
        following = content_asked.cursor(last.sorted_by, last.variant_id) if last is not None else None
        head = {
            "count": min(found.count, delivery.MOST_COUNTED),
            "count_capped": found.count > delivery.MOST_COUNTED,
            "ids": [row.entry_id for row in found.rows],
            "language": how.language,
            "fallbacks": {str(row.entry_id): row.language for row in found.rows if row.language != how.language},
            "next": following,
        }
        told = known if wanted.filled else Known()
        documents = _shaped([told.joined(row.document, row) for row in found.rows], how)
        return linked(_answer(head, f"[{','.join(documents)}]", etag), following)

    @expose("/<type_code>/<int:pk>", methods=["GET"])
    def get(self, type_code: str, pk: int) -> Response:
        """The published text of an entry
        ---
        get:
          description: >-
            Not published in the language, it is told in another, and `fallback` says in which.
            The answer carries an ETag: sent back as If-None-Match it brings 304 until something has changed.
          security: [{}, {jwt: []}]
          responses:
            200:
              description: What is published
              content: {application/json: {schema: {$ref: '#/components/schemas/ContentText'}}}
            304: {description: Nothing has changed since the ETag that If-None-Match names}
        """
        reader = reader_of(type_code)
        known = known_to(reader, type_code)
        is_filled = bool(known.definitions)
        how, found = content_asked.shape(request.args, filled=is_filled), None
        if 0 < pk <= LARGEST_ID:
            found = delivery.one(reader, type_code, how.language, entry_id=pk, fallback=how.fallback, filled=is_filled)
        if found is None:
            raise Missing
        head = {
            "id": pk,
            "language": how.language,
            "fallback": found.language if found.language != how.language else None,
        }
        return _text(head, found, how, known)

    @expose("/<type_code>/<int:pk>/file/<name>", methods=["GET"])
    def file(self, type_code: str, pk: int, name: str) -> Response:
        """The bytes of the file that a field holds
        ---
        get:
          security: [{}, {jwt: []}]
          responses: a file
        """
        reader = reader_of(type_code)
        how = content_asked.shape(request.args, OF_FILES)
        known, found = known_to(reader, type_code), None
        if known.definitions and 0 < pk <= LARGEST_ID:
            found = delivery.one(reader, type_code, how.language, entry_id=pk, fallback=how.fallback, filled=True)
        return file_named(found, name, known.definitions)

    @expose("/<type_code>/schema/<any(read, create, change):kind>", methods=["GET"])
    def schema(self, type_code: str, kind: str) -> Response:
        """What a text of the type looks like, or what adding or changing one takes, as JSON Schema
        ---
        get:
          description: >-
            Of draft 2020-12; its own address is its `$id`.
            The answer carries an ETag: sent back as If-None-Match it brings 304 until something has changed.
          security: [{}, {jwt: []}]
          responses:
            200:
              description: JSON Schema
              content:
                application/json:
                  schema: {type: object, required: [$schema, $id, type, properties]}
            304: {description: Nothing has changed since the ETag that If-None-Match names}
        """
        reader = reader_of(type_code)
        content_asked.shape(request.args, OF_SCHEMAS)
        row = db.session.get(ContentType, type_code) if len(type_code) <= LONGEST_CODE else None
        if row is None:
            raise Missing
        address = f"{current_app.extensions['settings'].base_url}{request.path}"
        return _sent(json.dumps(schema_of(row, kind, address, reader), ensure_ascii=False))

    @expose("/<type_code>/<language:language>/<address>", methods=["GET"])
    def at(self, type_code: str, language: str, address: str) -> Response:
        """The published text at an address
        ---
        get:
          description: >-
            At an address that it once had, the way to where it is now.
            The answer carries an ETag: sent back as If-None-Match it brings 304 until something has changed.
          security: [{}, {jwt: []}]
          responses:
            200:
              description: What is published
              content: {application/json: {schema: {$ref: '#/components/schemas/ContentText'}}}
            301: {description: It has another address now, which Location names}
            304: {description: Nothing has changed since the ETag that If-None-Match names}
        """
        reader = reader_of(type_code)
        known = known_to(reader, type_code)
        is_filled = bool(known.definitions)
        how = content_asked.shape(request.args, OF_ADDRESSES, filled=is_filled)
        found = delivery.at(reader, type_code, language, address, filled=is_filled)
        if found is None:
            raise Missing
        if found.slug != address:
            response = current_app.response_class(status=301)
            asked = request.query_string.decode("ascii", "replace")
            response.location = f"/api/v1/content/{type_code}/{language}/{found.slug}" + (f"?{asked}" if asked else "")
            return response
        head = {"id": found.entry_id, "language": language, "fallback": None}
        return _text(head, found, how, known)


def _text(head: dict[str, Any], found: Text, how: Shape, known: Known) -> Response:
    """A single text; where it is known already, nothing is made of it."""
    own = (*known.stamp, *(each.id for each in known.definitions))
    etag = None if how.expand else etag_of(found.etag, head["language"], *own, *(how.columns or ()))
    if etag is not None and _is_known(etag):
        return _unchanged(etag)
    return _answer(head, _shaped([known.joined(found.document, found)], how)[0], etag)


def _shaped(documents: Sequence[str], how: Shape) -> Sequence[str]:
    """The documents as they were asked for."""
    if how.is_plain:
        return documents
    found = [delivery.parsed(document, how.columns) for document in documents]
    if how.expand:
        delivery.expand_groups(found)
    return [json.dumps(document, ensure_ascii=False) for document in found]


def _answer(head: dict[str, Any], result: str, etag: str | None = None) -> Response:
    """The head with the result, which is JSON already."""
    return _sent(f'{json.dumps(head)[:-1]}, "result": {result}}}', etag)


def _sent(text: str, etag: str | None = None) -> Response:
    """This JSON, unless the client has it already."""
    etag = etag or etag_of(text)
    if _is_known(etag):
        return _unchanged(etag)
    response = current_app.response_class(text, mimetype="application/json")
    return _marked(response, etag)


def _is_known(etag: str) -> bool:
    """Whether the client has it already (RFC 9110, 13.1.2)."""
    return request.if_none_match.contains_weak(etag)


def _unchanged(etag: str) -> Response:
    return _marked(current_app.response_class(status=304), etag)


def _marked(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Vary"] = "Authorization, Accept-Language"
    return response
