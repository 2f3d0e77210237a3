"""Requests that are made up from the description alone are answered as it says, and never by an error of ours.

Few of each operation, always the same ones; `make proof` makes many more (bench/made_up.py).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.schemas import APIOperation

from app.views.api.description import described
from tests.views.api.conftest import Program
from tests.views.api.described import description_of
from tests.views.api.test_description import CONTENT, KEYS

EXAMPLES = int(os.environ.get("BILETY_MADE_UP", "2"))  # of each operation
METHODS = ("get", "post", "put", "delete")  # what is taken away was asked for before
PLACES = {name.strip("{}"): value for name, value in CONTENT.items()} | {"owner": "ticket"}
ALONE = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operations(app: Flask) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    """All but the description itself, which makes up nothing, and the exchange's door, which is not JSON's."""
    with app.app_context():
        schema = schemathesis.openapi.from_dict(described())
    schema.app = app
    found = [each.ok() for each in schema.get_all_operations()]
    ours = [each for each in found if each.path != "/api/v1/_openapi" and each.path.startswith("/api/")]
    yield from sorted(ours, key=lambda each: METHODS.index(each.method.lower()))


def test_made_up_requests_are_answered_as_described(app: Flask, desk: None, program: Callable[..., Program]) -> None:
    adam, description = program("adam@desk.example"), description_of(app)
    wrong: list[str] = []
    seen = Counter[int]()

    def ask(case: schemathesis.Case) -> None:
        """Of rows that are there; everything else is as it was made up."""
        resource = case.path.split("/")[3]
        there = PLACES | {"pk": KEYS.get(resource, "1")}
        case.path_parameters = {name: there.get(name, value) for name, value in case.path_parameters.items()}
        sent = case.as_transport_kwargs(headers=adam.headers)
        try:
            with app.test_client().open(**sent) as answer:
                seen[answer.status_code] += 1
                assert answer.status_code < 500, answer.text
                description.check(answer)
        except Exception as error:  # Each is told, and what made it.
            wrong.append(f"{case.as_curl_command()}\n  {error!r}"[:1500])

    for operation in operations(app):
        ALONE(given(case=operation.as_strategy())(ask))()
    print(f"{sum(seen.values())} requests, by status:", dict(seen.most_common()))
    assert not wrong, "\n".join(wrong)
    assert min(seen[200], seen[422]) > EXAMPLES, seen
