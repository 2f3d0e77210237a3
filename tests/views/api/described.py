"""Holds real answers against the description: status, and body by JSON Schema."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.views.api.description import described

HERE = "urn:description"
BYTES = "*/*"
REFUSED = {"type", "title", "status", "detail", "message"}  # what every refusal holds


class Description:
    """GET /api/v1/_openapi, and what it says of an answer."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self.document = described()
        self.routes = app.url_map.bind("localhost")
        resource = Resource(contents=self.document, specification=DRAFT202012)
        self.registry: Registry[Any] = Registry().with_resource(HERE, resource)

    def check(self, answer: TestResponse) -> None:
        """Fails when the answer is none that the description allows. Addresses that are not described pass."""
        found = self.operation(answer.request.path, answer.request.method)
        if found is None:
            return
        pointer, operation = found
        responses = operation["responses"]
        assert str(answer.status_code) in responses, f"{answer.status_code} of {pointer}: {answer.text[:500]}"
        said = responses[str(answer.status_code)]
        if "$ref" in said:
            pointer, said = said["$ref"].removeprefix("#"), self.at(said["$ref"])
        else:
            pointer += f"/responses/{answer.status_code}"
        content = said.get("content", {})
        if not content:
            assert not answer.data, f"a body of {pointer}"
            return
        if BYTES in content:
            return
        assert answer.mimetype in content, f"{answer.mimetype} of {pointer}"
        self.fits(f"{pointer}/content/{answer.mimetype.replace('/', '~1')}/schema", answer.json)

    def fits(self, pointer: str, value: Any) -> None:
        """Fails when the value is not what the schema at the pointer says."""
        _validator(self, pointer).validate(value)

    def operation(self, path: str, method: str) -> tuple[str, dict[str, Any]] | None:
        """The operation of an address, and where it stands in the document."""
        try:
            rule, _values = self.routes.match(path, method=method, return_rule=True)
        except HTTPException:
            return None
        template = template_of(rule.rule)
        operation = self.document["paths"].get(template, {}).get(method.lower())
        if operation is None:
            return None
        return f"/paths/{template.replace('/', '~1')}/{method.lower()}", operation

    def at(self, reference: str) -> Any:
        """What a reference within the document points to."""
        found: Any = self.document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/")]
        return found


def template_of(rule: str) -> str:
    """A rule of Flask's as a path of OpenAPI."""
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule)


@cache
def description_of(app: Flask) -> Description:
    """One for all tests: nothing in it changes while the application lives."""
    return Description(app)


@cache
def _validator(description: Description, pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"{HERE}#{pointer}"}, registry=description.registry)
