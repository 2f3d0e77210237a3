"""No query runs away: its time, its words and its beginnings are bounded, on either engine."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.extensions import db
from app.search.document import Question
from app.search.engine import IndexDamaged, engine
from app.search.in_time import TimeIsOver, in_time
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
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


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
    from app.search.whoosh import budget, queries

    with monkeypatch.context() as patched:  # No beginning is looked up any more.
        patched.setattr(queries, "_begun", pytest.fail)
        assert engine().with_any(frozenset({"druk*"}), Question("druk", None, until=time.monotonic() - 1), 1) == ()
    monkeypatch.setattr(budget, "LOOKED_AT", 1)
    counts = set()
    for looks in range(100):  # at the clock, before the time is over
        monkeypatch.setattr(budget, "time", SimpleNamespace(monotonic=itertools.count().__next__))
        found = engine().search(Question("drukarka", None, until=looks))
        counts.add((found.count, found.partial))
    assert counts == {(0, True), (1, True), (2, True), (3, False)}


def test_a_statement_is_given_up_and_the_transaction_goes_on(app: Flask, context: None) -> None:
    endless = "SELECT pg_sleep(60)" if is_postgresql() else ENDLESS
    with pytest.raises(TimeIsOver), in_time(time.monotonic() + 0.05):
        db.session.execute(text(endless)).all()
    with in_time(time.monotonic() + 5):
        assert db.session.execute(select(1)).all() == [(1,)]
    if is_postgresql():
        assert db.session.scalar(select(func.current_setting("statement_timeout"))) == "0"


def test_the_answer_without_an_index_is_in_time_too(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_given: object) -> None:
        raise IndexDamaged

    monkeypatch.setattr(type(engine()), "search", damaged)
    assert (len(filled.ask("drukarka").hits), filled.ask("drukarka").partial) == (3, False)
    monkeypatch.setattr("app.search.find.SECONDS", -1)
    late = filled.ask("drukarka")
    assert (late.provisional, late.partial, late.hits) == (True, True, [])


def test_a_query_has_bounds(filled: Desk) -> None:
    for typed in RUNAWAY:
        wanted = plan(parse(typed))
        assert len(wanted.groups) <= 16, typed
        assert all(len(clause.prefix) >= 3 for group in wanted.groups for clause in group if clause.prefix), typed
        assert filled.ask(typed, KAROL).count <= 3, typed


def test_a_beginning_stands_for_its_most_frequent_words(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.ticket("Druciki")
    filled.index()
    assert len(filled.numbers("dru*")) == 4
    if not is_postgresql():
        monkeypatch.setattr("app.search.whoosh.queries.MOST_PREFIXES", 1)
        assert len(filled.numbers("dru*")) == 3
