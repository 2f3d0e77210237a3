"""Roles by API: what each lets people do, for those who may open the page of roles, changed as it changes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar

from flask import Response, request
from flask_appbuilder.api import expose, permission_name, protect
from flask_babel import gettext as _
from marshmallow import Schema
from marshmallow import fields as kinds

from app.access import KINDS, Ability, NotFound, Right, sees_role
from app.accounts import roles
from app.accounts.errors import MoreThanYours, RoleNameTaken, ShippedRole
from app.models.account import Account, Role
from app.views import reference, visitor
from app.views.admin.role_words import shows_customers
from app.views.api.acting import Act, Acting, add_acts, bodies_of, methods_of
from app.views.api.asked import Filterable
from app.views.api.bodies import Nothing
from app.views.api.body import Body, Code, Line, RowId, Several, Truth, read
from app.views.api.once import changed_once
from app.views.api.refusals import Missing, Unfit
from app.views.api.resource import Resource
from app.views.api.schemas import item_of
from app.views.api.writing import Changeable, Given, Postable
from app.views.desk.grid import visible

LONGEST_NAME = 80


class RoleSchema(Schema):
    """`abilities` are what the role lets people do, `offered` what it may be given; names are null for shipped ones."""

    id = kinds.Integer()
    code = kinds.String(attribute="name")
    kind = kinds.String(metadata={"description": "The shipped role whose rows it shows"})
    name_pl = kinds.String(allow_none=True)
    name_en = kinds.String(allow_none=True)
    names = kinds.Dict(keys=kinds.String(), values=kinds.String(), metadata={"description": "In further languages"})
    abilities = kinds.Function(lambda role: _ordered(roles.abilities_of(role)))
    offered = kinds.Function(lambda role: _ordered(roles.offered_to(role)))
    holders = kinds.Integer(metadata={"description": "How many accounts hold it"})


class RoleChange(Body):
    """What it lets people do from now on; names of copies only. `understood` says yes to showing customers' data."""

    name_pl = Line(LONGEST_NAME, least=1)
    name_en = Line(LONGEST_NAME, least=1)
    abilities = Several(Code(*Ability), len(Ability))
    understood = Truth()


class NewRole(RoleChange):
    """A copy of the role `like`, which may do the same unless `abilities` say otherwise."""

    like = RowId(required=True)
    name_pl = Line(LONGEST_NAME, least=1, required=True)
    name_en = Line(LONGEST_NAME, least=1, required=True)


def _reset(role: Role, _given: Given, by: Account) -> None:
    roles.reset(role, by=by)


ROLE_ACTS: dict[str, Act[Role]] = {"reset": Act(Right.SEE, Nothing, _reset, "Let it do what it was shipped with")}


class RoleApi(Changeable, Postable, Acting):
    resource_name = "role"
    datamodel = Resource.over(Role)
    clause = staticmethod(sees_role)
    base_filters = visible(sees_role)
    include_route_methods: ClassVar[set[str]] = {
        *(*Postable.include_route_methods, "put", "act_remove"),
        *methods_of(ROLE_ACTS),
    }
    openapi_spec_component_schemas = bodies_of(ROLE_ACTS)
    list_model_schema, show_model_schema = RoleSchema(), item_of(RoleSchema)
    add_model_schema, edit_model_schema = NewRole(), RoleChange()
    list_columns = show_columns = list(RoleSchema._declared_fields)
    filterable = {"id": Filterable(Role.id), "code": Filterable(Role.name), "kind": Filterable(Role.kind)}
    sortable = {"id": Role.id, "code": Role.name}

    def plain(self, schema: Schema, rows: Sequence[Any]) -> list[dict[str, Any]]:
        held = roles.holders()
        return [line | {"holders": held.get(line["id"], 0)} for line in super().plain(schema, rows)]

    def add(self, given: Given, _prepared: Any) -> Role:
        like, me = _role(given["like"], "like"), visitor.account()
        role = _fitting(
            ("name_pl", "name_en"),
            lambda: roles.copy_role(like, name_pl=given["name_pl"], name_en=given["name_en"], by=me),
        )
        _choose(role, given, known=roles.abilities_of(role))
        reference.forget()
        return role

    def change(self, pk: int, given: Given) -> None:
        role = self.locked(pk, Right.SEE)
        names = {name: given[name] for name in ("name_pl", "name_en") if name in given}
        if names:
            held = {"name_pl": role.name_pl, "name_en": role.name_en}
            _fitting(names, lambda: roles.rename(role, **(held | names)))
        _choose(role, given, known=roles.abilities_of(role))
        reference.forget()

    def locked(self, pk: int, _right: Right) -> Role:
        return _role(pk, None)

    @expose("/<int:pk>/remove", methods=["POST"])
    @protect()
    @permission_name("act")
    def act_remove(self, pk: int) -> Response:
        """Remove a copy that nobody holds.
        ---
        post:
          parameters:
          - {in: path, name: pk, schema: {type: integer}, required: true}
          - Idempotency-Key
          requestBody:
            content:
              application/json:
                schema: {$ref: '#/components/schemas/Nothing'}
          responses:
            200:
              description: It is removed
              content:
                application/json:
                  schema:
                    type: object
                    required: [id]
                    properties:
                      id: {type: integer}
        """
        given = read(request, Nothing())

        def perform() -> dict[str, Any]:
            roles.remove(self.locked(pk, Right.SEE))
            reference.forget()
            return {"id": pk}

        return changed_once(200, given, perform)


add_acts(RoleApi, ROLE_ACTS)


def _ordered(abilities: Collection[Ability]) -> list[str]:
    return [str(ability) for ability in Ability if ability in abilities]


def _role(role_id: int, key: str | None) -> Role:
    """The role of that id, to be changed. Raises Missing."""
    try:
        return roles.role_of_id(role_id)
    except NotFound:
        raise Missing(key) from None


def _choose(role: Role, given: Given, *, known: Collection[Ability]) -> None:
    """Let the role do what was named, as its page does. Raises Unfit."""
    if "abilities" not in given:
        return
    chosen = {Ability(code) for code in given["abilities"]}
    if strange := chosen - roles.offered_to(role) - KINDS[role.kind].always:
        name = _ordered(strange)[0]
        raise Unfit({"abilities": _("A role of this kind cannot be given %(name)s.", name=name)})
    told = [ability for ability in chosen - set(known) if shows_customers(role.kind, ability)]
    if told and not given.get("understood"):
        names = ", ".join(_ordered(told))
        raise Unfit({"understood": _("This shows customers' data: %(names)s. Send true if you mean it.", names=names)})
    _fitting(("abilities",), lambda: roles.set_abilities(role, chosen, by=visitor.account()))


def _fitting(keys: Collection[str] | Mapping[str, Any], act: Callable[[], Any]) -> Any:
    """What the act answers. Raises Unfit with these keys where a rule is broken."""
    try:
        return act()
    except (MoreThanYours, RoleNameTaken, ShippedRole) as error:
        raise Unfit(dict.fromkeys(keys, str(error))) from error
