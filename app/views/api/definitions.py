"""Definitions of fields by API: what the page of fields does. Each change names the version that it changes, says why,
and is published as a set; with `preview` it is only looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apispec import APISpec
from flask import Response, request
from flask_appbuilder.api import expose, permission_name, protect
from flask_babel import gettext as _
from sqlalchemy import select

from app.desk import field_sets
from app.desk.field_preview import preview
from app.desk.field_sets import BadDefinition, StaleField
from app.extensions import db
from app.fields import Definition
from app.fields.check import INCOMPLETE
from app.fields.conditions import is_well_formed
from app.fields.definition import new_id
from app.models import definitions
from app.models.product_group import ProductGroup
from app.models.types import utc_now
from app.views import visitor
from app.views.admin.field_sets import follow, owner_names
from app.views.api.body import read
from app.views.api.definition_bodies import ONE, PREVIEWED, SHOWN, DefinitionChange, NewDefinition
from app.views.api.description import Described
from app.views.api.matching import Stale, Unmatched
from app.views.api.once import Answer, changed, changed_once
from app.views.api.refusals import Missing, Unfit

Plain = dict[str, Any]
ABOUT = {"label": "labels", "help": "helps", "conditions": "shown_if"}  # what a refusal calls parts of the form


class DefinitionApi(Described):
    resource_name = "definition"
    openapi_spec_tag = "definition"
    allow_browser_login = False

    def add_apispec_components(self, api_spec: APISpec) -> None:
        super().add_apispec_components(api_spec)
        api_spec.components.schema("Definition", SHOWN)
        api_spec.components.schema("DefinitionAnswer", {"anyOf": [ONE, PREVIEWED]})
        for body in (DefinitionChange, NewDefinition):
            api_spec.components.schema(body.__name__, schema=body)

    @expose("/", methods=["GET"])
    @protect()
    @permission_name("get")
    def get_list(self) -> Response:
        """The fields that there are, of all owners or of one
        ---
        get:
          parameters:
          - in: query
            name: owner
            description: ticket, organisation, account or entry:<content type>
            schema: {type: string}
          responses:
            200:
              description: The fields in the order of their forms, and the number of the set that holds
              content:
                application/json:
                  schema:
                    type: object
                    required: [set, result]
                    properties:
                      set: {type: integer}
                      result: {type: array, items: {$ref: '#/components/schemas/Definition'}}
        """
        unknown = set(request.args) - {"owner", "_l_"}
        if unknown:
            raise Unfit({name[:100]: _("There is no such key here.") for name in unknown})
        numbers = field_sets.version_numbers()  # first: a field may be newer than it is called, never older
        now, wanted = definitions.published_now(db.session()), request.args.get("owner")
        owners = [wanted] if wanted is not None else sorted(now.fields)
        found = [_shown(each, numbers) for owner in owners for each in now.all_of(owner)]
        return self.response(200, set=now.number, result=found)

    @expose("/<field_id>", methods=["GET"])
    @protect()
    @permission_name("get")
    def get(self, field_id: str) -> Response:
        """A field
        ---
        get:
          parameters:
          - {in: path, name: field_id, required: true, schema: {type: string}}
          responses:
            200:
              description: The field, and its version as the ETag
              content: {application/json: {schema: {$ref: '#/components/schemas/DefinitionAnswer'}}}
            304: {description: It is what If-None-Match names}
        """
        numbers = field_sets.version_numbers()
        shown = _shown(_field(field_id), numbers)
        response = self.response(200, id=field_id, result=shown)
        response.set_etag(str(shown["version"]))
        if request.if_none_match.contains_weak(str(shown["version"])):
            response.status_code, response.data = 304, b""
        return response

    @expose("/", methods=["POST"])
    @protect()
    @permission_name("post")
    def post(self) -> Response:
        """Add a field, published at once
        ---
        post:
          parameters:
          - Idempotency-Key
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/NewDefinition'}}}
          responses:
            201:
              description: The new field; with `preview` (200) what it would mean
              content: {application/json: {schema: {$ref: '#/components/schemas/DefinitionAnswer'}}}
            200:
              description: What it would mean
              content: {application/json: {schema: {$ref: '#/components/schemas/DefinitionAnswer'}}}
        """
        given = read(request, NewDefinition())
        if given["owner"] not in owner_names():
            raise Missing("owner")
        after = _made({**_parts(given), "id": new_id(), "owner": given["owner"]})
        if given.get("preview"):
            return self._previewed(None, after)
        return changed_once(201, given, lambda: _publish(None, after, given.get("reason", "")))

    @expose("/<field_id>", methods=["PUT"])
    @protect()
    @permission_name("put")
    def put(self, field_id: str) -> Response:
        """Change a field, hide it or bring it back
        ---
        put:
          parameters:
          - {in: path, name: field_id, required: true, schema: {type: string}}
          - If-Match
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/DefinitionChange'}}}
          responses:
            200:
              description: The field as it is now; with `preview` what the change would mean
              content: {application/json: {schema: {$ref: '#/components/schemas/DefinitionAnswer'}}}
        """
        number = _number(field_id)
        given, before = read(request, DefinitionChange()), _field(field_id)
        if not request.if_match:
            raise Unmatched(_("Send the header If-Match with the ETag of what you read."))
        if not request.if_match.contains(str(number)):
            raise _stale(field_id)
        plain = {**before.to_plain(), **_parts(given)}
        if given.get("kind", before.kind) != before.kind:
            plain = {**plain, "id": new_id(), "default": given.get("default"), "follows": before.id}
        after = field_sets.renamed(before, _made(plain))
        if given.get("preview"):
            return self._previewed(before, after)
        return changed(200, lambda: _publish(before, after, given.get("reason", ""), number))

    def _previewed(self, before: Definition | None, after: Definition) -> Response:
        try:
            field_sets.rehearse(field_sets.with_followed(after, _today()))
        except BadDefinition as error:
            raise _unfit(error) from error
        finally:
            db.session.rollback()
        found = preview(before, after, definitions.published(db.session()))
        return self.response(
            200,
            preview={
                "changed": found.changed,
                "looked_at": found.looked_at,
                "rows": found.rows,
                "misfits": found.misfits,
                "dependents": [each.name for each in found.dependents],
                "letters": found.letters,
                "asking": found.asking,
                "keys": found.keys,
            },
        )


def _publish(before: Definition | None, after: Definition, reason: str, number: int = 0) -> Answer:
    """`number` is the version of `before` that If-Match named."""
    seen = {} if before is None else {before.id: number}
    try:
        field_sets.publish(field_sets.with_followed(after, _today()), reason=reason, by=visitor.account(), seen=seen)
    except BadDefinition as error:
        raise _unfit(error) from error
    except StaleField:
        raise _stale(before.id if before else after.id) from None
    follow(before, after)
    return {"id": after.id, "result": _shown(after)}


def _parts(given: Mapping[str, Any]) -> Plain:
    """The keys of the definition. Raises Missing."""
    found = {name: value for name, value in given.items() if name not in ("reason", "preview", "owner", "deleted")}
    if given.get("groups"):
        known = set(db.session.scalars(select(ProductGroup.id)))
        if not set(given["groups"]) <= known:
            raise Missing("groups")
    if "deleted" in given:
        found["deleted_on"] = _today() if given["deleted"] else ""
    return found


def _made(plain: Plain) -> Definition:
    """Raises Unfit for parts that are of a wrong form."""
    for name in ("shown_if", "required_if"):
        if plain.get(name) is not None and not is_well_formed(plain[name]):
            raise Unfit({name: _(INCOMPLETE)})
    try:
        return Definition.from_plain(plain)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise Unfit({"options": _("It cannot be read: %(error)s.", error=str(error)[:200])}) from error


def _unfit(error: BadDefinition) -> Unfit:
    part = error.about.removesuffix("_pl").removesuffix("_en")
    return Unfit({ABOUT.get(part, part): str(error)})


def _stale(field_id: str) -> Stale:
    numbers = field_sets.version_numbers()
    return Stale(_shown(_field(field_id), numbers), str(numbers.get(field_id, 0)))


def _shown(definition: Definition, numbers: Mapping[str, int] | None = None) -> Plain:
    plain = definition.to_plain()
    plain.pop("deleted_on", None)
    number = (numbers or field_sets.version_numbers()).get(definition.id, 0)
    return {**plain, "version": number, "deleted": bool(definition.deleted_on)}


def _number(field_id: str) -> int:
    return field_sets.version_numbers().get(field_id, 0)


def _field(field_id: str) -> Definition:
    """Raises Missing."""
    found = definitions.published_now(db.session()).by_id(field_id)
    if found is None:
        raise Missing
    return found


def _today() -> str:
    return utc_now().date().isoformat()
