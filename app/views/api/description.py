"""GET /api/v1/_openapi: what every route takes and answers, as OpenAPI 3.1."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Response, current_app
from flask_appbuilder.api import BaseApi, expose, permission_name, protect
from flask_appbuilder.api.manager import resolver

from app.extensions import appbuilder

REFUSAL = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "message": {"type": "string", "description": "A sentence in the language of the request"},
        "errors": {
            "type": "object",
            "description": "Each key that was not taken, and why",
            "additionalProperties": {"type": "string"},
        },
    },
    "additionalProperties": False,
}
REFUSALS = {
    "400": "The request cannot be read: its JSON, rison, cursor, parameter or header",
    "401": "No token or key, or one that has ended",
    "403": "The account may not do this",
    "404": "There is no such row, or it is not open to the account; also of a row that the body names",
    "405": "The address does not take this method",
    "410": "The row is kept, but its bytes are missing",
    "413": "The body is too large",
    "415": "The body is of another content type",
    "422": "Keys that are unknown, forbidden, missing or of a wrong kind; or a rule of the desk",
    "429": "Too many attempts",
    "500": "An error on our side",
    "503": "The desk is not available for a moment",
}
ALWAYS = ("429", "500", "503")  # what every route may answer
IDEMPOTENCY_KEY: dict[str, Any] = {
    "description": "The same key with the same request within 24 hours gets the same answer, and nothing is done twice",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
REFERENCE = re.compile(r"#/components/(\w+)/([\w.-]+)")


class Described(BaseApi):
    """An API whose docstrings become operations, each with a name, a summary and what it always may answer."""

    def operation_helper(self, operations: dict[str, Any], func: Callable[..., Any], **rest: Any) -> None:
        """What FAB reads off the docstring, made whole."""
        super().operation_helper(operations=operations, func=func, **rest)
        for operation in operations.values():
            operation["operationId"] = f"{self.resource_name}_{func.__name__}"
            operation.setdefault("summary", (func.__doc__ or "").strip().partition("\n")[0].rstrip("."))
            for status in ALWAYS:
                operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{status}"})


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
            401: {$ref: '#/components/responses/401'}
            403: {$ref: '#/components/responses/403'}
        """
        return self.response(200, **described())


def described() -> dict[str, Any]:
    """The description of this application's API."""
    spec = _empty()
    for api in appbuilder.baseviews:
        if isinstance(api, BaseApi):
            api.add_api_spec(spec)
    return _used(spec.to_dict())


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
        answer = {"description": says, "content": {"application/json": {"schema": "Refusal"}}}
        spec.components.response(status, answer)
    spec.components.parameter("Idempotency-Key", "header", IDEMPOTENCY_KEY)
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
