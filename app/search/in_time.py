"""Statements that the database gives up in time, whichever it is."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from app.extensions import db

QUERY_CANCELED = "57014"  # PostgreSQL, Appendix A
LOOKED_EVERY = 10_000  # instructions of SQLite's machine


class TimeIsOver(Exception):
    """A statement was given up. The transaction goes on."""


@contextmanager
def in_time(until: float, *, any_values: bool = False) -> Iterator[None]:
    """No statement within goes on much longer than until then, as time.monotonic() tells it. Raises TimeIsOver.

    PostgreSQL plans each for its own values: one plan for all values of a filter took twenty times as long. With
    `any_values` it keeps one plan instead, for statements that leave it no choice.
    """
    if until == math.inf:
        yield
        return
    if time.monotonic() >= until:
        raise TimeIsOver
    try:
        with _by_the_server(until, any_values) if db.engine.dialect.name == "postgresql" else _by_us(until):
            yield
    except OperationalError as error:
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorcode", None)
        if code not in (QUERY_CANCELED, sqlite3.SQLITE_INTERRUPT):
            raise
        raise TimeIsOver from error


@contextmanager
def _by_the_server(until: float, any_values: bool) -> Iterator[None]:
    """Each statement has what is left at the start. Sent together, what is set takes two round trips, not four."""
    left = max(1, int(1000 * (until - time.monotonic())))
    plans = "force_generic_plan" if any_values else "force_custom_plan"
    perform = db.session.connection().exec_driver_sql
    perform(f"SAVEPOINT in_time; SET LOCAL statement_timeout = {left}; SET LOCAL plan_cache_mode = {plans}")
    try:
        yield
    except BaseException:
        perform("ROLLBACK TO SAVEPOINT in_time; RELEASE SAVEPOINT in_time")
        raise
    perform("RELEASE SAVEPOINT in_time; SET LOCAL statement_timeout = 0; SET LOCAL plan_cache_mode = auto")


@contextmanager
def _by_us(until: float) -> Iterator[None]:
    driver = db.session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_progress_handler(lambda: time.monotonic() > until, LOOKED_EVERY)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
