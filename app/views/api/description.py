"""GET /api/v1/_openapi: what every route takes and answers, as OpenAPI."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from flask_appbuilder.api.manager import OpenApi as Described

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
}
REFUSALS = {
    "400": "The request cannot be read: its JSON, rison, cursor or header",
    "401": "No token, or one that has ended",
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
IDEMPOTENCY_KEY: dict[str, Any] = {
    "description": "The same key with the same request within 24 hours gets the same answer, and nothing is done twice",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


class OpenApi(Described):
    """FAB's description, with our refusals in place of its own."""

    @staticmethod
    def _create_api_spec(version: str) -> APISpec:
        spec: APISpec = Described._create_api_spec(version)
        spec.components.schema("Refusal", REFUSAL)
        for status, says in REFUSALS.items():
            answer = {"description": says, "content": {"application/json": {"schema": "Refusal"}}}
            spec.components.response(status, answer)
        spec.components.parameter("Idempotency-Key", "header", IDEMPOTENCY_KEY)
        return spec
