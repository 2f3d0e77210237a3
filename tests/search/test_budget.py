"""No query runs away: its time, its words and its beginnings are bounded, on either engine."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.search.document import Question
from app.search.engine import engine
from app.search.parse import parse
from app.search.plan import plan
from tests.browsing import Visitor
from tests.search.conftest import KAROL, Desk

Browser = Callable[[str], Visitor]
RUNAWAY = (
    "a* b* *",
    "ab* " * 200,
    "(" * 400,
    '"' + "to " * 130,
    "-x " * 130,
    "nie OR " * 60,
    "f" * 400,
    "%s\\' | & !:* <->",
)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    for number in range(3):
        desk.ticket(f"Drukarka {number}", "Drukarka stoi i migocze.")
    desk.index()
    return desk


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def test_a_search_that_runs_out_of_time_says_so(
    filled: Desk, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.search.find.SECONDS", -1)
    browser = browser_of(KAROL)
    assert browser.get("/api/v1/search/?q=drukarka").get_json()["partial"] is True
    assert "zbyt długo" in browser.page("/search?q=drukarka").text_content()
    monkeypatch.undo()
    assert browser.get("/api/v1/search/?q=drukarka").get_json()["partial"] is False


def test_what_was_found_in_time_is_answered(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_postgresql():  # The newest are searched where everything takes too long.
        found = engine().search(Question("drukarka", None, until=time.monotonic() - 1))
        assert (found.count, found.partial) == (3, True)
        return
    from whoosh.codec.whoosh3 import W3LeafMatcher

    from app.search.whoosh import budget

    assert hasattr(W3LeafMatcher, "_next_block")
    monkeypatch.setattr(budget, "LOOKED_EVERY", 1)
    counts = set()
    for looks in range(100):  # at the clock, before the time is over
        monkeypatch.setattr(budget, "time", SimpleNamespace(monotonic=itertools.count().__next__))
        found = engine().search(Question("drukarka", None, until=looks))
        counts.add((found.count, found.partial))
    assert counts == {(0, True), (1, True), (2, True), (3, False)}


def test_a_server_gives_a_statement_up_and_the_transaction_goes_on(app: Flask, context: None) -> None:
    if not is_postgresql():
        return  # Whoosh has no server: its clock is looked at in the test before.
    from app.search.postgresql.budget import rows_in_time

    assert rows_in_time(select(func.pg_sleep(60)), time.monotonic() + 0.05) is None
    assert rows_in_time(select(1), time.monotonic() + 5) == [(1,)]
    assert db.session.scalar(select(func.current_setting("statement_timeout"))) == "0"


def test_a_query_has_bounds(filled: Desk) -> None:
    for text in RUNAWAY:
        wanted = plan(parse(text))
        assert len(wanted.groups) <= 16, text
        assert all(len(clause.prefix) >= 3 for group in wanted.groups for clause in group if clause.prefix), text
        assert filled.ask(text, KAROL).count <= 3, text


def test_a_beginning_stands_for_its_most_frequent_words(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.ticket("Druciki")
    filled.index()
    assert len(filled.numbers("dru*")) == 4
    if not is_postgresql():
        monkeypatch.setattr("app.search.whoosh.queries.MOST_PREFIXES", 1)
        assert len(filled.numbers("dru*")) == 3
