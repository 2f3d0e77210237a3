"""GET /api/v1/_openapi: what every route takes and answers, as OpenAPI 3.1."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Response, current_app
from flask_appbuilder.api import BaseApi, expose, permission_name, protect
from flask_appbuilder.api.manager import resolver

from app.extensions import appbuilder
from app.views import visitor
from app.views.api.refusals import PROBLEM, problem

REFUSAL = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "message"],
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string", "description": "What the status is called"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence in the language of the request"},
        "message": {"type": "string", "description": "The same sentence"},
        "errors": {
            "type": "object",
            "description": "Each key that was not taken, and why",
            "additionalProperties": {"type": "string"},
        },
        "current": {"type": ["object", "null"], "description": "With 412: the row as it is now"},
    },
    "additionalProperties": False,
}
REFUSALS = {
    "400": "The request cannot be read: its JSON, rison, cursor, parameter or header",
    "401": "No token or key, or one that has ended",
    "403": "The account may not do this",
    "404": "There is no such row, or it is not open to the account; also of a row that the body names",
    "405": "The address does not take this method",
    "406": "Accept names neither JSON nor problem details",
    "410": "The row is kept, but its bytes are missing",
    "412": "The row is not what If-Match names: `current` is what it is now, and its ETag stands in the header",
    "414": "The address is too long",
    "413": "The body is too large",
    "415": "The body is of another content type",
    "416": "The file has no such part: Content-Range says how long it is",
    "422": "Keys that are unknown, forbidden, missing or of a wrong kind; or a rule of the desk",
    "428": "If-Match is missing",
    "429": "Too many attempts",
    "500": "An error on our side",
    "503": "The desk is not available for a moment",
}
IF_MATCH: dict[str, Any] = {
    "description": "The ETag of the row that is changed, as it was read",
    "required": True,
    "schema": {"type": "string"},
}
ALWAYS = ("406", "414", "429", "500", "503")  # how every route may refuse
TO_STRANGERS = ("401", "403")  # one that needs a permission
OF_ASKED = {"path": ("404",), "query": ("422",), "If-Match": ("412", "428")}  # one with such parameters
OF_BODIES = ("400", "404", "413", "415", "422")  # one that reads a body
IDEMPOTENCY_KEY: dict[str, Any] = {
    "description": "The same key with the same request within 24 hours gets the same answer, and nothing is done twice",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}
NEEDS = "x-needs"  # the permission, until it is known who reads
REFERENCE = re.compile(r"#/components/(\w+)/([\w.-]+)")


A_FILE = "a file"  # what a docstring says of its responses when it sends one


class Described(BaseApi):
    """An API whose docstrings become operations, each with a name and a summary."""

    @staticmethod
    def response(code: int, **said: Any) -> Response:
        """The answer as JSON; a refusal as problem details."""
        answer: Response = problem(code, said["message"]) if code >= 400 else BaseApi.response(code, **said)
        return answer

    def operation_helper(self, operations: dict[str, Any], func: Callable[..., Any], **rest: Any) -> None:
        """What FAB reads off the docstring, made whole."""
        super().operation_helper(operations=operations, func=func, **rest)
        for operation in operations.values():
            if hasattr(func, "_permission_name"):
                operation[NEEDS] = (f"can_{func._permission_name}", self.class_permission_name)
            operation["operationId"] = f"{self.resource_name}_{func.__name__}"
            if operation["responses"] == A_FILE:
                operation["responses"] = _sending_a_file()
            operation.setdefault("summary", (func.__doc__ or "").strip().partition("\n")[0].rstrip("."))

    def describe(self, document: dict[str, Any]) -> None:
        """Say what only the data of this desk say, as far as this account may know of it."""


def _sending_a_file() -> dict[str, Any]:
    """The answers of a route that sends the bytes of a file (RFC 9110, 14.2)."""
    content = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "200": {"description": "The file", "content": content},
        "206": {"description": "The part of it that Range asks for", "content": content},
        "304": {"description": "If-None-Match named what it is already"},
        **refusing("410", "416"),
    }


def refusing(*statuses: str) -> dict[str, Any]:
    """What a description says of these refusals."""
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}


def with_row_answers(responses: dict[str, Any], schema: str, key_type: str = "integer") -> dict[str, Any]:
    """The answers of a change. One that its docstring tells by a sentence alone is a row: its id and its columns, or
    null where the account has changed it so that he sees it no more, as by a transfer."""
    row = {
        "type": "object",
        "required": ["id", "result"],
        "properties": {
            "id": {"type": key_type},
            "result": {"anyOf": [{"$ref": f"#/components/schemas/{schema}"}, {"type": "null"}]},
        },
    }
    told = {
        status: {"description": says, "content": {"application/json": {"schema": row}}}
        for status, says in responses.items()
        if isinstance(says, str)
    }
    return responses | told


class OpenApi(Described):
    route_base = "/api"
    resource_name = "description"
    openapi_spec_tag = "description"
    allow_browser_login = True

    @expose("/v1/_openapi", methods=["GET"])
    @protect()
    @permission_name("get")
    def get(self) -> Response:
        """This description.
        ---
        get:
          responses:
            200:
              description: OpenAPI 3.1
              content:
                application/json:
                  schema:
                    type: object
                    required: [openapi, info, paths, components]
        """
        return self.response(200, **described(visitor.is_permitted))


def described(may: Callable[[str, str], bool] = lambda _permission, _view: True) -> dict[str, Any]:
    """The description of this application's API: what somebody may do who has these permissions."""
    spec = _empty()
    for api in appbuilder.baseviews:
        if isinstance(api, BaseApi):
            api.add_api_spec(spec)
    found: dict[str, Any] = spec.to_dict()
    for api in appbuilder.baseviews:
        if isinstance(api, Described):
            api.describe(found)
    for operations in found["paths"].values():
        for operation in operations.values():
            operation["responses"] |= refusing(*sorted({*_refusals(operation)} - {*operation["responses"]}))
    found["paths"] = {path: kept for path, all_ in found["paths"].items() if (kept := _permitted(all_, may))}
    return _used(found)


def _refusals(operation: dict[str, Any]) -> Iterator[str]:
    """How an operation may refuse, by what it needs and reads; its docstring tells the rest."""
    yield from ALWAYS
    if operation.get(NEEDS):
        yield from TO_STRANGERS
    for parameter in operation.get("parameters", ()):
        yield from OF_ASKED.get(parameter.get("in") or parameter["$ref"].rpartition("/")[2], ())
    if "requestBody" in operation:
        yield from OF_BODIES


def _permitted(operations: dict[str, Any], may: Callable[[str, str], bool]) -> dict[str, Any]:
    """The operations that need no permission, or one that is held."""
    needs = {method: operation.pop(NEEDS, None) for method, operation in operations.items()}
    return {method: each for method, each in operations.items() if needs[method] is None or may(*needs[method])}


def _empty() -> APISpec:
    settings = current_app.extensions["settings"]
    spec = APISpec(
        title="Bilety",
        version="v1",
        openapi_version="3.1.0",
        info={"description": "Everything that the pages of the support centre can do."},
        plugins=[MarshmallowPlugin(schema_name_resolver=resolver)],
        servers=[{"url": settings.base_url}],
    )
    spec.components.schema("Refusal", REFUSAL)
    for status, says in REFUSALS.items():
        answer = {"description": says, "content": {PROBLEM: {"schema": "Refusal"}}}
        spec.components.response(status, answer)
    spec.components.parameter("Idempotency-Key", "header", IDEMPOTENCY_KEY)
    spec.components.parameter("If-Match", "header", IF_MATCH)
    return spec


def _used(spec: dict[str, Any]) -> dict[str, Any]:
    """The description without the components that nothing in it refers to; FAB adds some of its own."""
    components = spec["components"]
    used: set[tuple[str, str]] = set()
    found = REFERENCE.findall(json.dumps(spec["paths"]))
    while found:
        kind, name = found.pop()
        if (kind, name) not in used:
            used.add((kind, name))
            found += REFERENCE.findall(json.dumps(components[kind][name]))
    kept = {
        kind: {name: value for name, value in named.items() if kind == "securitySchemes" or (kind, name) in used}
        for kind, named in components.items()
    }
    return {**spec, "components": kept}
