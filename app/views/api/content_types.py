"""Content types by API: everybody who writes reads them, administrators write them."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, current_app, request
from flask_appbuilder.api import expose, permission_name, protect
from sqlalchemy import ColumnElement, select, true

from app.access import Standing
from app.content import types
from app.content.documents import etag_of
from app.content.types import Switches
from app.events.transaction import transaction
from app.extensions import db
from app.models.entry import ContentType, Visibility
from app.views.api.asked import Filterable
from app.views.api.body import read
from app.views.api.entry_bodies import NewType, TypeChange
from app.views.api.entry_schemas import ContentTypeSchema
from app.views.api.matching import Matched
from app.views.api.once import Answer, changed, changed_once
from app.views.api.refusals import Missing
from app.views.api.resource import Resource
from app.views.api.schemas import item_of
from app.views.api.writing import Changeable, Given, Postable
from app.views.desk.grid import visible

SWITCHES = ("visibility", "translated", "reviewed", "versioned", "writers")


def sees_type(_standing: Standing) -> ColumnElement[bool]:
    """The rows of ContentType: their names stand in every address of content."""
    return true()


class ContentTypeApi(Matched, Changeable, Postable):
    """Types are asked for by their code."""

    resource_name = "content_type"
    datamodel = Resource.over(ContentType)
    clause = staticmethod(sees_type)
    base_filters = visible(sees_type)
    key_type = "string"
    include_route_methods: ClassVar[set[str]] = {*Postable.include_route_methods, "put", "delete"}
    list_model_schema, show_model_schema = ContentTypeSchema(), item_of(ContentTypeSchema)
    add_model_schema, edit_model_schema = NewType(), TypeChange()
    list_columns = show_columns = list(ContentTypeSchema._declared_fields)
    add_columns = edit_columns = search_columns = ["code"]
    filterable = {"code": Filterable(ContentType.code), "built_in": Filterable(ContentType.built_in)}
    sortable = {"position": ContentType.position, "code": ContentType.code}

    @expose("/<string:pk>", methods=["GET"])
    @protect()
    @permission_name("get")
    def get(self, pk: str) -> Response:
        response = self.item(pk)
        if response.status_code != 200:
            return response
        return self.marked(pk, response, db.session.get_one(ContentType, pk))

    get.__doc__ = Resource.get.__doc__

    @expose("/<string:pk>", methods=["PUT"])
    @protect()
    @permission_name("put")
    def put(self, pk: str) -> Response:
        given = read(request, self.edit_model_schema)

        def perform() -> Answer:
            row = self._locked(pk)
            names = {name: given.get(name, getattr(row, name)) for name in ("name_pl", "name_en")}
            types.change_type(row, **names, switches=_switches({name: getattr(row, name) for name in SWITCHES} | given))
            return self._told(pk)

        return changed(200, perform)

    put.__doc__ = Changeable.put.__doc__

    @expose("/<string:pk>", methods=["DELETE"])
    @protect()
    @permission_name("delete")
    def delete(self, pk: str) -> Response:
        """Remove a type that has no entries.
        ---
        delete:
          parameters:
          - {in: path, name: pk, schema: {type: string}, required: true}
          responses:
            204: {description: It is removed}
            422: {$ref: '#/components/responses/422'}
        """
        with transaction():
            types.remove_type(self._locked(pk))
        return current_app.response_class(status=204)

    def etag(self, row: ContentType) -> str:
        """Of its names and switches."""
        said = (row.name_pl, row.name_en, row.visibility, row.translated, row.reviewed, row.versioned, row.writers)
        return etag_of("content_type", row.code, *map(str, said))

    def _locked(self, pk: str) -> ContentType:
        """The type, if it is still what was read. Raises Missing, Unmatched, Stale."""
        query = select(ContentType).where(ContentType.code == pk[:40]).with_for_update(of=ContentType)
        row = db.session.scalars(query).one_or_none()
        if row is None:
            raise Missing
        self.check(pk, row)
        return row

    def added(self, given: Given) -> Response:
        def perform() -> Answer:
            names = {name: given[name] for name in ("name_pl", "name_en")}
            return self._told(types.add_type(given["code"], **names, switches=_switches(given)).code)

        return changed_once(201, given, perform)

    def _told(self, code: str) -> Answer:
        db.session.flush()
        return {"id": code, "result": self.shown(code)}


def _switches(given: Given) -> Switches:
    said: dict[str, Any] = {name: given[name] for name in SWITCHES if name in given}
    if "visibility" in said:
        said["visibility"] = Visibility(said["visibility"])
    return Switches(**said | ({"writers": tuple(said["writers"])} if "writers" in said else {}))
