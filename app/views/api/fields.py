"""Custom fields by API: under `fields` by their names, as far as the account may know of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, ClassVar

from flask import Response
from flask_appbuilder.api import expose, permission_name, protect
from flask_babel import gettext as _
from marshmallow import Schema
from sqlalchemy import ColumnElement, false, select

from app import caller
from app.access import LARGEST_ID
from app.access.fields import fields_of, fields_to_write
from app.accounts import keys
from app.desk.field_indexes import ready
from app.desk.field_values import OWNER, UnfitFields, fill_row
from app.extensions import db
from app.fields import Definition, Kind, Unfit, clean, object_schema, schema_of
from app.fields.kinds import RANGED
from app.fields.refusals import SENTENCES, Why
from app.locale import language
from app.models import field_values
from app.models.field_column import beyond, equals, indexed, indexed_order, may_sort, order_of
from app.models.types import utc_now
from app.views import visitor
from app.views.api.asked import Condition, Refused
from app.views.api.bodies import NewFile
from app.views.api.body import fit
from app.views.api.list_schema import list_schema
from app.views.api.refusals import Missing
from app.views.api.refusals import Unfit as Refusal
from app.views.api.resource import Resource
from app.views.api.words import Sent, stored
from app.views.kept import sent

KEY = "fields"


class WithFields(Resource):
    """A resource whose rows have fields."""

    owner: ClassVar[str]

    def plain(self, schema: Schema, rows: Sequence[Any]) -> list[dict[str, Any]]:
        plain, known = super().plain(schema, rows), fields_of(db.session(), visitor.standing(), self.owner)
        return [each | {KEY: shown(row, known)} for each, row in zip(plain, rows, strict=True)]

    @expose("/<int:pk>/file/<name>", methods=["GET"])
    @protect()
    @permission_name("get")
    def file(self, pk: int, name: str) -> Response:
        """The bytes of the file that a field holds
        ---
        get:
          parameters:
          - {in: path, name: pk, schema: {type: integer}, required: true}
          - {in: path, name: name, schema: {type: string}, required: true}
          responses: a file
        """
        model = self.datamodel.obj
        query = select(model).where(model.id == pk, type(self).clause(visitor.standing()))
        row = db.session.scalars(query).unique().one_or_none() if 0 < pk <= LARGEST_ID else None
        group = getattr(row, "product_group_id", None)
        return file_named(row, name, fields_of(db.session(), visitor.standing(), self.owner, group))

    def filters(self) -> Mapping[str, Any]:
        model, known = self.datamodel.obj, self._indexed()
        found = {name: FieldFilter(model, each, name != f"{KEY}.{each.name}") for name, each in known.items()}
        return {**self.filterable, **found}

    def orders(self) -> Mapping[str, Any]:
        model, known = self.datamodel.obj, self._indexed()
        found = {name: order_of(model, each) for name, each in known.items() if may_sort(each)}
        if self.owner == OWNER:
            found = {name: replace(each, indexed=indexed_order(model, known[name])) for name, each in found.items()}
        return {**self.sortable, **found}

    def named(self, args: Mapping[str, Any]) -> None:
        """The fields by which the list is filtered and sorted are asked for."""
        names = {args.get("order_column"), *(each["col"] for each in args.get("filters", []))}
        keys.note_fields(each.id for name, each in self._indexed().items() if name in names)

    def _indexed(self) -> dict[str, Definition]:
        """The fields whose index is ready, by what they are called; others would be looked for in every row."""
        known = [each for each in fields_of(db.session(), visitor.standing(), self.owner) if each.filterable]
        built = ready() if known and self.owner == OWNER else frozenset[str]()
        ours = [each for each in known if each.id in built]
        return {f"{KEY}.{name}": each for each in ours for name in names_of(each)}

    def describe(self, document: dict[str, Any]) -> None:
        if caller.acting() is not None:
            described_fields(document["components"]["schemas"], type(self).__name__, self.owner)
            listed = document["paths"][f"/api/v1/{self.resource_name}/"]["get"]["parameters"]
            asked = next(each for each in listed if each["name"] == "q")
            schema = list_schema(self.list_columns, self.filters(), self.orders())
            asked["content"]["application/json"]["schema"] = schema


@dataclass(frozen=True)
class FieldFilter:
    """A filter by a field, under the name `fields.<name>`: by `eq`; numbers and times also by `gt` and `lt`."""

    model: type[Any]
    field: Definition
    is_old: bool  # whether the name is one that the field once had

    @property
    def operators(self) -> tuple[str, ...]:
        return ("eq", "gt", "lt") if self.field.kind in RANGED else ("eq",)

    @property
    def value_schema(self) -> dict[str, Any]:
        """What it can be asked for: of several choices one."""
        found = schema_of(self.field, language())
        one = found["items"] if self.field.kind == Kind.CHOICES else found
        return one | ({"deprecated": True} if self.is_old else {})

    def condition(self, name: str, operator: str, value: Any) -> Condition:
        """The condition in SQL. Raises Refused."""
        if operator not in self.operators:
            operators = ", ".join(self.operators)
            raise Refused(_("Column %(name)s can be filtered by %(operators)s only.", name=name, operators=operators))
        plain = self.field.changed(least=None, most=None)
        try:
            wanted = clean(plain, [value] if plain.kind == Kind.CHOICES else value)
        except Unfit as unfit:
            raise Refused(f"{name}: {unfit.translated(_)}") from unfit
        if wanted is None:
            return Condition(false())
        if operator != "eq":
            return self._condition(beyond(self.model, self.field, wanted, above=operator == "gt"))
        one = wanted[0] if plain.kind == Kind.CHOICES else wanted
        return self._condition(equals(self.model, self.field, one), one)

    def _condition(self, clause: ColumnElement[bool], value: Any = None) -> Condition:
        is_indexed = self.field.owner == OWNER
        return Condition(clause, indexed=indexed(self.model, self.field, clause, value) if is_indexed else None)


def shown(row: Any, definitions: Iterable[Definition]) -> dict[str, Any]:
    """The row's values by name; null for those of its form that are empty. Old names answer for their while."""
    values, group, found = field_values.values(row), getattr(row, "product_group_id", None), dict[str, Any]()
    for each in definitions:
        if each.stands_on(group):
            found |= dict.fromkeys(names_of(each), values.get(each.id))
    return found


def file_named(row: Any, name: str, definitions: Iterable[Definition]) -> Response:
    """The bytes of the file that the field of that name holds. Raises Missing."""
    field = next((each for each in definitions if each.kind == Kind.FILE and name in names_of(each)), None)
    kept = (row.fields or {}).get(field.id) if row is not None and field is not None else None
    if kept is None:
        raise Missing
    return sent(kept["sha256"], name=kept["name"], content_type=kept["content_type"])


def read_fields(
    given: Mapping[str, Any], owner: str, *, product_group_id: int | None = None, before: Any = None
) -> dict[str, Any]:
    """What a request gives by name, by field id. Raises Unfit: an unknown name and a forbidden one alike."""
    known = fields_to_write(db.session(), visitor.standing(), owner, product_group_id)
    by_name = {name: each for each in known for name in names_of(each)}
    strangers = [name for name in given if name not in by_name]
    if strangers:
        raise Refusal({f"{KEY}.{name}": _(SENTENCES[Why.UNKNOWN]) for name in strangers})
    keys.note_fields(by_name[name].id for name in given)
    values = field_values.values(before) if before is not None else {}
    return {by_name[name].id: _value(name, by_name[name], value, values) for name, value in given.items()}


def fill(row: Any, owner: str, given: Mapping[str, Any], *, is_new: bool = False) -> None:
    """Change the fields that a request names. Raises Unfit."""
    try:
        fill_row(row, owner, read_fields(given, owner, before=row), by=visitor.account(), is_new=is_new)
    except UnfitFields as error:
        raise unfit(error, owner) from error


def unfit(error: UnfitFields, owner: str) -> Refusal:
    """The refusal by the names of the fields."""
    names = {each.id: each.name for each in fields_of(db.session(), visitor.standing(), owner)}
    told = {names.get(field_id, "?"): each.translated(_) for field_id, each in error.refused.items()}
    return Refusal({f"{KEY}.{name}": sentence for name, sentence in told.items()})


def described_fields(components: dict[str, Any], name: str, owner: str) -> None:
    """Put into the description of a resource what this account may read, give and change of its fields."""
    readable = fields_of(db.session(), visitor.standing(), owner)
    writable = fields_to_write(db.session(), visitor.standing(), owner)
    everywhere = tuple(each for each in writable if not each.groups)
    for part in ("get", "get_list", "post", "put"):
        body = components.get(f"{name}.{part}")
        if body is None or KEY not in body["properties"]:
            continue
        writing = part in ("post", "put")
        schema = object_schema(writable if writing else readable, language(), writing=writing)
        if part == "post":
            required = object_schema(everywhere, language(), writing=True, creating=True).get("required")
            if required:
                schema["required"] = required
                body["required"] = sorted({*body.get("required", ()), KEY})
        body["properties"][KEY] = with_files(schema, writable) if writing else schema


def with_files(schema: dict[str, Any], definitions: Iterable[Definition]) -> dict[str, Any]:
    """A file is given by its name and its content in base64, or as it was read."""
    as_sent = {
        "type": "object",
        "required": ["name", "content"],
        "additionalProperties": False,
        "properties": {"name": {"type": "string"}, "content": {"type": "string", "contentEncoding": "base64"}},
    }
    for each in definitions:
        if each.kind == Kind.FILE:
            schema["properties"][each.name]["anyOf"].insert(0, as_sent)
    return schema


def names_of(definition: Definition) -> list[str]:
    """What it is called, then what it was called once, as long as that answers."""
    today = utc_now().date().isoformat()
    return [definition.name, *(name for name, until in definition.old_names.items() if until >= today)]


def _value(name: str, definition: Definition, value: Any, before: Mapping[str, Any]) -> Any:
    """The value as the field reads it. Only bytes that came now make a file: a hash alone would open any of them."""
    if definition.kind != Kind.FILE or value is None or value == before.get(definition.id):
        return value
    try:
        came = fit(NewFile(), value) if isinstance(value, dict) else None
    except Refusal as error:
        raise Refusal({f"{KEY}.{name}.{key}": text for key, text in error.errors.items()}) from error
    if came is None:
        raise Refusal({f"{KEY}.{name}": _(SENTENCES[Why.NO_FILE])})
    (file,) = stored([Sent(came["name"], BytesIO(came["content"]))])
    return {"name": file.name, "size": file.size, "content_type": file.content_type, "sha256": file.sha256}
