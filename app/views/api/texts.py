"""The texts of entries by API: every saving a version, published, scheduled, withdrawn, translated and restored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import Response
from flask_appbuilder.api import expose, permission_name, protect
from marshmallow import Schema
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.access import Standing
from app.access.fields import fields_of
from app.content import entries as verbs
from app.content import publishing
from app.content.entries import Words
from app.content.errors import StaleText
from app.extensions import db
from app.fields import Definition
from app.models.account import Account
from app.models.entry import Entry, Variant, fields_owner
from app.models.version import Version
from app.views import visitor
from app.views.api import relations
from app.views.api.acting import Act, Acting, add_acts, bodies_of, methods_of
from app.views.api.asked import Filterable
from app.views.api.bodies import Nothing
from app.views.api.entries import PUBLISH, filling, may_publish, sees_entries, words_in, written
from app.views.api.entry_bodies import NewText, Restoring, TextChange, Timed
from app.views.api.entry_schemas import TextSchema, VersionSchema
from app.views.api.fields import KEY, shown
from app.views.api.matching import Matched, Stale
from app.views.api.refusals import Forbidden, Missing
from app.views.api.resource import Resource
from app.views.api.schemas import NAMED, item_of
from app.views.api.writing import Changeable, Given, Postable
from app.views.desk.grid import visible

WRITE = "write"


def sees_variant(standing: Standing) -> ColumnElement[bool]:
    """The rows of Variant whose newest words this account may read."""
    return Variant.entry_id.in_(select(Entry.id).where(sees_entries(standing)))


def _review(text: Variant, _given: Given, _by: Account) -> None:
    publishing.ask_for_review(text, seen=text.version)


def _publish(text: Variant, given: Given, by: Account) -> None:
    if "at" in given:
        publishing.schedule(text, given["at"], seen=text.version, by=by)
    else:
        publishing.publish(text, seen=text.version, by=by)


def _withdraw(text: Variant, given: Given, _by: Account) -> None:
    if "at" in given:
        publishing.withdraw_at(text, given["at"])
    else:
        publishing.withdraw(text)


def _unschedule(text: Variant, _given: Given, _by: Account) -> None:
    publishing.unschedule(text)


def _restore(text: Variant, given: Given, by: Account) -> None:
    try:
        verbs.restore(text, given["version"], seen=text.version, by=by)
    except LookupError:
        raise Missing("version") from None


TEXT_ACTS: dict[str, Act[Variant]] = {
    "review": Act(WRITE, Nothing, _review, "Ask somebody else to read the newest words"),
    "publish": Act(PUBLISH, Timed, _publish, "Give the newest words to readers, now or at a time"),
    "withdraw": Act(PUBLISH, Timed, _withdraw, "Take it from readers, now or at a time"),
    "unschedule": Act(PUBLISH, Nothing, _unschedule, "Take back what was scheduled"),
    "restore": Act(WRITE, Restoring, _restore, "Make the words of an earlier version the newest draft"),
}


class TextApi(Matched, Acting, Changeable, Postable):
    resource_name = "text"
    datamodel = Resource.over(Variant)
    include_route_methods: ClassVar[set[str]] = {
        *("get_list", "get", "post", "put", "versions"),
        *methods_of(TEXT_ACTS),
    }
    openapi_spec_component_schemas = (*bodies_of(TEXT_ACTS), VersionSchema)
    clause = staticmethod(sees_variant)
    base_filters = visible(sees_variant)
    list_model_schema, show_model_schema = TextSchema(), item_of(TextSchema)
    add_model_schema, edit_model_schema = NewText(), TextChange()
    list_columns = show_columns = list(TextSchema._declared_fields)
    eager = (joinedload(Variant.published), joinedload(Variant.entry).selectinload(Entry.variants))
    filterable = {
        "id": Filterable(Variant.id),
        "entry": Filterable(Variant.entry_id, relation=True),
        "language": Filterable(Variant.language),
        "state": Filterable(Variant.state),
        "version": Filterable(Variant.version),
        "changed_at": Filterable(Variant.changed_at),
    }
    sortable = {"id": Variant.id}

    def etag(self, row: Variant) -> str:
        """The number of its newest version."""
        return str(row.version)

    def plain(self, schema: Schema, rows: Sequence[Any]) -> list[dict[str, Any]]:
        return [
            each | {KEY: shown(row, _fields_of(row))}
            for each, row in zip(super().plain(schema, rows), rows, strict=True)
        ]

    def item(self, pk: Any) -> Response:
        response = super().item(pk)
        return self.marked(pk, response, db.session.get_one(Variant, pk)) if response.status_code == 200 else response

    def add(self, given: Given, _prepared: Any) -> Variant:
        try:
            entry = written(given["entry"])
        except Missing:
            raise Missing("entry") from None
        fill = filling(given, entry.type_code, is_new=True)
        return verbs.add_variant(entry, given["language"], words_in(given), by=visitor.account(), fill=fill)

    def change(self, pk: int, given: Given) -> None:
        text = self.locked(pk, WRITE)
        seen = Words(text.title, text.summary, text.body, text.slug)
        translated = bool(given.get("translated"))
        if given.get(KEY):
            filling(given, text.entry.type_code)(text)
        try:
            verbs.save(text, words_in(given, seen), seen=text.version, by=visitor.account(), translated=translated)
        except StaleText:  # Saved by another process between the look and the lock.
            raise Stale(self.shown(pk), self.etag(text)) from None

    def locked(self, pk: int, right: str) -> Variant:
        if right == PUBLISH and not may_publish():
            raise Forbidden
        text = relations.text(pk, sees_variant(visitor.standing()))
        written(text.entry_id)
        verbs.lock(text)
        self.check(pk, text)
        return text

    @expose("/<int:pk>/versions", methods=["GET"])
    @protect()
    @permission_name("get")
    def versions(self, pk: int) -> Response:
        """All that was ever saved of the text, the newest first
        ---
        get:
          parameters:
          - {in: path, name: pk, schema: {type: integer}, required: true}
          responses:
            200:
              description: The versions, each whole
              content:
                application/json:
                  schema:
                    type: object
                    required: [id, result]
                    properties:
                      id: {type: integer}
                      result: {type: array, items: {$ref: '#/components/schemas/VersionSchema'}}
        """
        text = relations.text(pk, sees_variant(visitor.standing()))
        query = (
            select(Version)
            .where(Version.kind == verbs.KIND, Version.key == str(text.id))
            .options(joinedload(Version.account).load_only(*NAMED))
            .order_by(Version.number.desc())
        )
        known = _fields_of(text)
        found = [
            VersionSchema().dump(row) | {KEY: {each.name: row.data.get(KEY, {}).get(each.id) for each in known}}
            for row in db.session.scalars(query)
        ]
        return self.response(200, id=pk, result=found)


def _fields_of(text: Variant) -> tuple[Definition, ...]:
    return fields_of(db.session(), visitor.standing(), fields_owner(text.entry.type_code))


add_acts(TextApi, TEXT_ACTS)
