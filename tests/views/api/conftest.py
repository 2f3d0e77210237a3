"""A program with a token, and a small desk behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import prison
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_jwt_extended import create_access_token
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.content.entries import Words, add_entry
from app.content.publishing import publish
from app.desk import tickets
from app.desk.content import Contribution, StoredFile
from app.desk.incoming_calls import keep_call, read_call
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.product_group import ProductGroup
from app.models.ticket import Channel
from tests.views.api.described import description_of

FIRST = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
FILE = StoredFile(name="raport.txt", size=5, content_type="text/plain", sha256="0" * 64)


class Program:
    """A client that holds a token. Whatever it is answered must be described."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, q: Any = None, *, headers: dict[str, str] | None = None, **values: str) -> TestResponse:
        values |= {"q": prison.dumps(q)} if q is not None else {}
        headers = self.headers | (headers or {})
        return self._described(self.client.get(f"/api/v1/{path}", query_string=values or None, headers=headers))

    def post(self, path: str, body: Any = None, *, key: str | None = None, **options: Any) -> TestResponse:
        """Send JSON (or nothing), with an Idempotency-Key if one is given."""
        options |= {"json": body} if body is not None else {}
        headers = {**self.headers, **options.pop("headers", {})} | ({"Idempotency-Key": key} if key else {})
        return self._described(self.client.post(f"/api/v1/{path}", headers=headers, **options))

    def put(self, path: str, body: Any, *, headers: dict[str, str] | None = None) -> TestResponse:
        headers = self.headers | (headers or {})
        return self._described(self.client.put(f"/api/v1/{path}", json=body, headers=headers))

    def delete(self, path: str, *, headers: dict[str, str] | None = None) -> TestResponse:
        headers = self.headers | (headers or {})
        return self._described(self.client.delete(f"/api/v1/{path}", headers=headers))

    def _described(self, answer: TestResponse) -> TestResponse:
        description_of(self.client.application).check(answer)
        return answer

    def list(self, resource: str, q: Any = None, **values: str) -> dict[str, Any]:
        answer = self.get(f"{resource}/", q, **values)
        assert answer.status_code == 200, answer.text
        return answer.json

    def where(self, resource: str, column: str, operator: str, value: Any) -> list[int]:
        return self.list(resource, {"filters": [{"col": column, "opr": operator, "value": value}]})["ids"]


@pytest.fixture
def program(app: Flask) -> Callable[..., Program]:
    """program("jan@desk.example") -> a Program with a token of that account; program() has none."""

    def make(email: str | None = None) -> Program:
        if email is None:
            return Program(app.test_client(), None)
        with app.app_context():
            account = db.session.scalars(select(Account).where(Account.email == email)).one()
            return Program(app.test_client(), create_access_token(identity=str(account.id)))

    return make


@pytest.fixture
def desk(app: Flask, make_account: Callable[..., int], once: Callable[[str, Callable[[], object]], None]) -> None:
    """Tickets 1001 and 1002 of DYNAMICS and 1003 of TARGIT, each with a file and a note; letters; a call."""
    once("api", lambda: _fill(app, make_account))


def _fill(app: Flask, make_account: Callable[..., int]) -> None:
    make_account("anna@klient.example", organisation="Klient", name="Anna Nowak")
    make_account("ewa@inny.example", organisation="Inny", name="Ewa Lis")
    make_account("jan@desk.example", role="consultant", groups=("DYNAMICS",), name="Jan Dynamiczny")
    make_account("audyt@desk.example", role="auditor")
    make_account("adam@desk.example", role="administrator")
    make_account("tom@desk.example", role="translator")
    with app.app_context(), transaction():
        for day, (email, group) in enumerate(
            [("anna@klient.example", "DYNAMICS"), ("ewa@inny.example", "DYNAMICS"), ("ewa@inny.example", "TARGIT")]
        ):
            _ticket(email, group, FIRST + timedelta(days=day))
        for group in ("DYNAMICS", "TARGIT"):
            chosen = select(Mailbox).join(Mailbox.product_group).where(ProductGroup.name == group)
            _journal(db.session.scalars(chosen).one(), group)
        words = Words("Drukarka nie drukuje", "Co sprawdzić najpierw", "## Kabel\n\nSprawdź *kabel*.")
        author = db.session.scalars(select(Account).where(Account.email == "adam@desk.example")).one()
        publish(add_entry("article", "pl", words, by=author).source, seen=1)
        keep_call(read_call({"caller": "501234567", "digits": "34", "time": FIRST.isoformat()}))


def _ticket(email: str, group: str, arrived_at: datetime) -> None:
    requester = db.session.scalars(select(Account).where(Account.email == email)).one()
    chosen = db.session.scalars(select(ProductGroup).where(ProductGroup.name == group)).one()
    contribution = Contribution(text=f"Sprawa {group}", channel=Channel.PORTAL, files=[FILE])
    ticket = tickets.open_ticket(
        requester=requester,
        product_group=chosen,
        subject=f"Raport {group}",
        contribution=contribution,
        by=requester,
        arrived_at=arrived_at,
    )
    tickets.note(ticket, Contribution(text="Uwaga", channel=Channel.PORTAL, files=[FILE]), by=requester)


def _journal(mailbox: Mailbox, group: str) -> None:
    db.session.add(
        JournalEntry(
            mailbox=mailbox,
            transport="smtp",
            recipient=mailbox.address,
            sha256="0" * 64,
            size=1,
            arrived_at=FIRST,
            outcome="rejected",
            reason=group,
            message_id=f"<{group}@klient.example>",
            attempts=0,
        )
    )
