"""Resources that can be written: a new row by POST, a change of one by PUT, its end by DELETE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from flask import Response, current_app, request
from flask_appbuilder.api import expose, permission_name, protect
from flask_babel import gettext as _

from app.events.transaction import transaction
from app.extensions import db
from app.views.api.body import Body, read
from app.views.api.once import Answer, changed, changed_once
from app.views.api.refusals import Unfit
from app.views.api.resource import Resource

Given = Mapping[str, Any]


class Changeable(Resource):
    """PUT of a row: the keys that are given change, all others stay."""

    edit_model_schema: ClassVar[Body]

    def change(self, pk: int, given: Given) -> None:
        """Change the row within a transaction. Raises Missing, Forbidden, Unfit, DeskError."""
        raise NotImplementedError

    @expose("/<int:pk>", methods=["PUT"])
    @protect()
    @permission_name("put")
    def put(self, pk: int) -> Response:
        """Change the row: the given keys, all or none.
        ---
        put:
          parameters:
          - {in: path, name: pk, schema: {type: integer}, required: true}
          requestBody:
            required: true
            content:
              application/json:
                schema: {$ref: '#/components/schemas/{{self.__class__.__name__}}.put'}
          responses:
            200: The row as it is now
        """
        given = read(request, self.edit_model_schema)

        def perform() -> Answer:
            self.change(pk, given)
            return as_answer(self, pk)

        return changed(200, perform)


class Postable(Resource):
    """POST of a new row, once for each Idempotency-Key."""

    include_route_methods: ClassVar[set[str]] = {"get_list", "get", "post"}
    add_model_schema: ClassVar[Body]

    def prepare(self, given: Given) -> Any:
        """What must be ready before the transaction begins: files on the disk."""

    def add(self, given: Given, prepared: Any) -> Any:
        """Add the row within a transaction and answer it. Raises Missing, Forbidden, Unfit, DeskError."""
        raise NotImplementedError

    @expose("/", methods=["POST"])
    @protect()
    @permission_name("post")
    def post(self) -> Response:
        """Add a row.
        ---
        post:
          parameters:
          - Idempotency-Key
          requestBody:
            required: true
            content:
              application/json:
                schema: {$ref: '#/components/schemas/{{self.__class__.__name__}}.post'}
          responses:
            201: The new row
        """
        return self.added(read(request, self.add_model_schema))

    def added(self, given: Given) -> Response:
        """The answer to a POST whose body has been read."""
        prepared = self.prepare(given)

        def perform() -> Answer:
            row = self.add(given, prepared)
            db.session.flush()
            return as_answer(self, row.id)

        return changed_once(201, given, perform)


class Removable(Resource):
    """DELETE of a row."""

    def remove(self, pk: int) -> None:
        """Remove the row within a transaction. Raises Missing, Forbidden, DeskError."""
        raise NotImplementedError

    @expose("/<int:pk>", methods=["DELETE"])
    @protect()
    @permission_name("delete")
    def delete(self, pk: int) -> Response:
        """Remove the row.
        ---
        delete:
          parameters:
          - {in: path, name: pk, schema: {type: integer}, required: true}
          responses:
            204: {description: It is removed}
        """
        with transaction():
            self.remove(pk)
        return current_app.response_class(status=204)


def as_answer(resource: Resource, pk: int) -> Answer:
    """The row as the account sees it after a change."""
    db.session.flush()
    return {"id": pk, "result": resource.shown(pk)}


def refuse(names: Iterable[str]) -> None:
    """Say that the account may not set these keys. Raises Unfit if there are any."""
    forbidden = {name: _("You may not set this.") for name in names}
    if forbidden:
        raise Unfit(forbidden)
