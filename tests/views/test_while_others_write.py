"""Whoever reads waits for nobody: on SQLite one writes at a time, and a batch of letters may take seconds.

PostgreSQL's writers keep nobody waiting, so there nobody holds anything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from flask import Flask

from app.extensions import db
from tests.browsing import Visitor
from tests.mail.desk import CONSULTANT, CUSTOMER, open_ticket
from tests.security.conftest import key_of

PAGES = {
    CUSTOMER: ("/", "/tickets/", "/tickets/1001", "/tickets/new", "/search?q=raport", "/articles/", "/profile/"),
    CONSULTANT: (
        *("/desk/tickets/list/", "/desk/tickets/1001", "/desk/today/", "/search?q=raport", "/desk/customers/list/"),
        "/desk/journal/list/",
    ),
}


@pytest.fixture
def people(app: Flask, make_account: Callable[..., int]) -> None:
    make_account(CUSTOMER, organisation="Klient")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",))


@pytest.fixture
def key(app: Flask, people: None) -> str:
    return key_of(app, CONSULTANT)


@pytest.fixture
def somebody_writes(app: Flask, key: str, browser_of: Callable[[str], Visitor]) -> Iterator[dict[str, Visitor]]:
    """Both are signed in and have looked at all once; then another connection holds the lock."""
    with app.app_context():
        open_ticket()
    visitors = {email: browser_of(email) for email in PAGES}
    for email, pages in PAGES.items():
        for page in pages:
            visitors[email].page(page)
    with app.app_context():
        file = db.engine.url.database or "" if db.engine.dialect.name == "sqlite" else ":memory:"
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield visitors


def test_pages_are_read(
    app: Flask, key: str, somebody_writes: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it is time to note that somebody was here, or that his key was used."""
    monkeypatch.setattr("app.models.engine.BUSY_TIMEOUT_MS", 50)
    for place in ("sessions", "keys"):
        monkeypatch.setattr(f"app.accounts.{place}.SEEN_EVERY", timedelta(0))
    for email, pages in PAGES.items():
        for page in pages:
            somebody_writes[email].page(page)
    asked = app.test_client().get("/api/v1/ticket/", headers={"Authorization": f"Bearer {key}"})
    assert asked.status_code == 200
