"""The examples of docs/api.md are sent as they stand, and the answers are those that stand there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.views.api import APIS
from app.views.api.description import REFUSALS
from app.views.api.resource import Resource
from tests import people

DOCS = Path(__file__).parents[3] / "docs" / "api.md"
EXAMPLE = re.compile(r"```http\n(\w+) (\S.*)\n((?:[\w-]+: .*\n)*)((?:[{ ].*\n)*)\n(\d{3})\n((?:[{ ].*\n)*)```")
ANYTHING = "…"


@pytest.fixture
def client(app: Flask, desk: None) -> FlaskClient:
    """Anna's program, before it signed in."""
    with app.app_context(), transaction():
        anna = db.session.scalars(select(Account).where(Account.email == "anna@klient.example")).one()
        anna.password = people._hashed(people.PASSWORD)
    return app.test_client()


def test_the_examples_are_answered_as_they_say(client: FlaskClient) -> None:
    text = DOCS.read_text()
    examples = EXAMPLE.findall(text)
    assert len(examples) == text.count("```http") > 10
    headers: dict[str, str] = {}
    for method, address, more, body, status, shown in examples:
        path, _mark, query = address.partition("?")
        answer = client.open(
            path,
            method=method,
            query_string=dict([query.split("=", 1)]) if query else None,
            headers=headers | dict(line.split(": ") for line in more.splitlines()),
            json=json.loads(body) if body else None,
        )
        assert answer.status_code == int(status), f"{method} {address}: {answer.text}"
        _holds(json.loads(shown), answer.json, address)
        if "access_token" in answer.json:
            headers["Authorization"] = f"Bearer {answer.json['access_token']}"


def _holds(shown: Any, answered: Any, where: str) -> None:
    """All that is shown stands in the answer; there may be more."""
    if isinstance(shown, dict):
        for key, value in shown.items():
            _holds(value, answered[key], f"{where} {key}")
    elif shown != ANYTHING:
        assert shown == answered, where


def test_every_status_is_told(app: Flask) -> None:
    told = set(re.findall(r"\b[45]\d\d\b", "".join(line for line in DOCS.read_text().splitlines() if line[:2] == "| ")))
    assert told == set(REFUSALS)


def test_every_resource_and_filter_is_told(app: Flask) -> None:
    """The table names what can be filtered; a resource that is added must be put there."""
    rows = {
        name: columns
        for names, columns in re.findall(r"^\| (`[^|]*`) \|[^|]*\|([^|]*)\|$", DOCS.read_text(), re.MULTILINE)
        for name in re.findall(r"`(\w+)`", names)
    }
    listed: list[Callable[..., Any]] = [api for api in APIS if issubclass(api, Resource)]
    for api in listed:
        columns = rows[api.resource_name]
        assert "every" in columns or columns.strip().split(", ") == list(api.filterable), api.resource_name
