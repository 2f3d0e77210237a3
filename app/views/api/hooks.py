"""Hooks by API: what their page does. A secret is told once, by the answer that made it, and by no repeated one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask import Response, current_app, json
from flask_appbuilder.api import expose, permission_name, protect
from flask_babel import gettext as _
from marshmallow import Schema
from marshmallow import fields as kinds
from sqlalchemy import select

from app.access import LARGEST_ID, sees_settings
from app.events import hooks as owed
from app.extensions import db
from app.models.account import Account
from app.models.hook import Hook, HookDelivery, HookEvent
from app.notify import hooks
from app.notify.outside import Unsafe, check
from app.sealed import seal
from app.views.admin.hooks import LONGEST_ADDRESS, MOST_SHOWN, audit, told
from app.views.api import relations
from app.views.api.acting import Act, Acting, add_acts, bodies_of, methods_of
from app.views.api.asked import Filterable
from app.views.api.bodies import Nothing
from app.views.api.body import Body, Code, Line, RowId, Several, Truth
from app.views.api.once import Answer, changed_once
from app.views.api.refusals import Missing, Unfit
from app.views.api.resource import Resource
from app.views.api.schemas import item_of
from app.views.api.writing import Changeable, Given, Postable, Removable, as_answer
from app.views.desk.grid import visible

KEYS = ("name", "url", "events", "active")


class HookChange(Body):
    """Where a hook leads, and what it hears of; only the keys that are given change."""

    name = Line(80, least=1)
    url = Line(LONGEST_ADDRESS, least=1, metadata={"format": "uri", "pattern": "^https?://"})
    events = Several(Code(*HookEvent), len(HookEvent))
    active = Truth()


class NewHook(HookChange):
    """A hook more."""

    name = Line(80, least=1, required=True)
    url = Line(LONGEST_ADDRESS, least=1, required=True, metadata={"format": "uri", "pattern": "^https?://"})
    events = Several(Code(*HookEvent), len(HookEvent), required=True)


class Replaying(Body):
    """Which message is sent once more, with the same id."""

    delivery = RowId(required=True)


class HookSchema(Schema):
    """A hook. `secret` is told once: by the answers to POST and to rotate."""

    id = kinds.Integer()
    name = kinds.String()
    url = kinds.String()
    events = kinds.List(kinds.String())
    active = kinds.Boolean()
    failing_since = kinds.DateTime(allow_none=True)
    paused_at = kinds.DateTime(allow_none=True)
    created_at = kinds.DateTime()
    secret = kinds.Constant(None, metadata={"type": ["string", "null"]})


class DeliverySchema(Schema):
    """A message that the hook was told, or is owed. `key` is its webhook-id."""

    id = kinds.Integer()
    key = kinds.String()
    type = kinds.String(attribute="kind")
    created_at = kinds.DateTime()
    attempts = kinds.Integer()
    tried_at = kinds.DateTime(allow_none=True)
    status = kinds.Integer(allow_none=True)
    error = kinds.String(allow_none=True)
    delivered_at = kinds.DateTime(allow_none=True)


def _resume(hook: Hook, _given: Given, _by: Account) -> None:
    hooks.resume(hook)


def _replay(hook: Hook, given: Given, _by: Account) -> None:
    delivery = db.session.get(HookDelivery, given["delivery"]) if 0 < given["delivery"] <= LARGEST_ID else None
    if delivery is None or delivery.hook_id != hook.id:
        raise Missing("delivery")
    owed.owe(delivery)


HOOK_ACTS: dict[str, Act[Hook]] = {
    "resume": Act("act", Nothing, _resume, "Let a paused hook go on"),
    "replay": Act("act", Replaying, _replay, "Send a message once more"),
}


class HookApi(Acting, Changeable, Postable, Removable):
    resource_name = "hook"
    datamodel = Resource.over(Hook)
    clause = staticmethod(sees_settings)
    base_filters = visible(sees_settings)
    include_route_methods: ClassVar[set[str]] = {
        *Postable.include_route_methods,
        *("put", "delete", "rotate", "deliveries"),
        *methods_of(HOOK_ACTS),
    }
    openapi_spec_component_schemas = (*bodies_of(HOOK_ACTS), DeliverySchema)
    list_model_schema, show_model_schema = HookSchema(), item_of(HookSchema)
    add_model_schema, edit_model_schema = NewHook(), HookChange()
    list_columns = show_columns = list(HookSchema._declared_fields)
    filterable = {
        "id": Filterable(Hook.id),
        "name": Filterable(Hook.name),
        "active": Filterable(Hook.active),
    }
    sortable = {"id": Hook.id, "name": Hook.name}

    def added(self, given: Given) -> Response:
        return self._with_secret(201, given, lambda made: self._new(given, made))

    def change(self, pk: int, given: Given) -> None:
        hook = relations.hook(pk)
        _fill(hook, given)
        told(hook, "changed")

    def locked(self, pk: int, _right: Any) -> Hook:
        return relations.hook(pk)

    @expose("/<int:pk>/rotate", methods=["POST"])
    @protect()
    @permission_name("act")
    def rotate(self, pk: int) -> Response:
        """Make a new secret; for a day the old one signs beside it
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
            200: The row as it is now, with its secret
        """

        def perform(made: list[str]) -> Answer:
            hook = relations.hook(pk)
            made.append(hooks.rotate(hook, key=_key()))
            audit(hook, "changed", secret="new")  # noqa: S106 a word of the log
            return as_answer(self, pk)

        return self._with_secret(200, {}, perform)

    @expose("/<int:pk>/deliveries", methods=["GET"])
    @protect()
    @permission_name("get")
    def deliveries(self, pk: int) -> Response:
        """The last hundred messages, the newest first
        ---
        get:
          parameters:
          - {in: path, name: pk, schema: {type: integer}, required: true}
          responses:
            200:
              description: What the hook was told
              content:
                application/json:
                  schema:
                    type: object
                    required: [id, result]
                    properties:
                      id: {type: integer}
                      result: {type: array, items: {$ref: '#/components/schemas/DeliverySchema'}}
        """
        rows = (
            select(HookDelivery).where(HookDelivery.hook_id == relations.hook(pk).id).order_by(HookDelivery.id.desc())
        )
        found = db.session.scalars(rows.limit(MOST_SHOWN))
        return self.response(200, id=pk, result=DeliverySchema().dump(found, many=True))

    def remove(self, pk: int) -> None:
        """Its log goes with it, and what was not sent yet."""
        hook = relations.hook(pk)
        audit(hook, "removed")
        db.session.delete(hook)

    def _new(self, given: Given, made: list[str]) -> Answer:
        made.append(hooks.new_secret())
        hook = Hook(secret=seal(made[0], _key()), active=True)
        _fill(hook, given)
        db.session.add(hook)
        db.session.flush()
        told(hook, "added")
        return as_answer(self, hook.id)

    def _with_secret(self, status: int, given: Given, perform: Callable[[list[str]], Answer]) -> Response:
        """The answer with the new secret. It is not kept for a repeated request, which is told none."""
        made: list[str] = []
        response = changed_once(status, dict(given), lambda: perform(made))
        if made:
            answer = json.loads(response.get_data())
            answer["result"]["secret"] = made[0]
            response.set_data(json.dumps(answer))
        return response


def _fill(hook: Hook, given: Given) -> None:
    """As its page does. Raises Unfit."""
    with db.session.no_autoflush:
        if "name" in given:
            holder = db.session.scalar(select(Hook.id).where(Hook.name == given["name"]))
            if holder not in (None, hook.id):
                raise Unfit({"name": _("This is taken already.")})
        if "url" in given:
            try:
                check(given["url"], loopback=current_app.extensions["settings"].hooks_to_loopback)
            except Unsafe:
                raise Unfit({"url": _("Write a whole address that begins with https://.")}) from None
        if "events" in given and not given["events"]:
            raise Unfit({"events": _("This key is needed.")})
        for name in KEYS:
            if name in given:
                setattr(hook, name, list(dict.fromkeys(given[name])) if name == "events" else given[name])


def _key() -> str:
    key: str = current_app.extensions["settings"].secret_key
    return key


add_acts(HookApi, HOOK_ACTS)
