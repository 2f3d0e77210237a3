"""Acts on a row, each at an address of its own: POST /api/v1/<resource>/<id>/<act>."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Response, request
from flask_appbuilder.api import expose, permission_name, protect

from app.models.account import Account
from app.views import visitor
from app.views.api.body import Body, read
from app.views.api.once import Answer, changed_once
from app.views.api.resource import Resource
from app.views.api.writing import Given, as_answer

Row = TypeVar("Row")


@dataclass(frozen=True)
class Act(Generic[Row]):
    """An act: the right that it needs, what its body says, the desk's verb, and a line for the description."""

    right: str
    body: type[Body]
    perform: Callable[[Row, Given, Account], None]
    summary: str


class Acting(Resource):
    """A resource with acts. `add_acts` gives it their routes; `include_route_methods` names them by `methods_of`."""

    def locked(self, pk: int, right: Any) -> Any:
        """The row that is acted on. Raises Missing, Forbidden."""
        raise NotImplementedError

    def perform(self, pk: int, act: Act[Any]) -> Response:
        """The answer to an act on the row."""
        given = read(request, act.body())

        def perform() -> Answer:
            act.perform(self.locked(pk, act.right), given, visitor.account())
            return as_answer(self, pk)

        return changed_once(200, given, perform)


def methods_of(acts: Mapping[str, Act[Any]]) -> set[str]:
    """The names of the methods that `add_acts` makes."""
    return {_method_of(name) for name in acts}


def bodies_of(acts: Mapping[str, Act[Any]]) -> tuple[type[Body], ...]:
    """What the description has to know of."""
    return tuple(dict.fromkeys(act.body for act in acts.values()))


def add_acts(resource: type[Acting], acts: Mapping[str, Act[Any]]) -> None:
    """Give the resource a route for each act."""
    for name, act in acts.items():
        setattr(resource, _method_of(name), _route_of(resource, name, act))


def _method_of(act: str) -> str:
    return f"act_{act.replace('-', '_')}"


def _route_of(resource: type[Acting], name: str, act: Act[Any]) -> Callable[[Acting, int], Response]:
    """The act's own address, described by the act."""

    def route(self: Acting, pk: int) -> Response:
        return self.perform(pk, act)

    route.__name__ = _method_of(name)
    needed = any(field.required for field in act.body().fields.values())
    route.__doc__ = DESCRIPTION.format(summary=act.summary, body=act.body.__name__, needed=str(needed).lower())
    return expose(f"/<int:pk>/{name}", methods=["POST"])(protect()(permission_name("act")(route)))


DESCRIPTION = """{summary}.
---
post:
  summary: {summary}
  parameters:
  - {{in: path, name: pk, schema: {{type: integer}}, required: true}}
  - Idempotency-Key
  requestBody:
    required: {needed}
    content:
      application/json:
        schema: {{$ref: '#/components/schemas/{body}'}}
  responses:
    200: The row as it is now
"""
