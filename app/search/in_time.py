"""Statements that the database gives up in time, whichever it is."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.extensions import db

QUERY_CANCELED = "57014"  # PostgreSQL, Appendix A
LOOKED_EVERY = 10_000  # instructions of SQLite's machine


class TimeIsOver(Exception):
    """A statement was given up. The transaction goes on."""


@contextmanager
def in_time(until: float) -> Iterator[None]:
    """No statement within goes on much longer than until then, as time.monotonic() tells it. Raises TimeIsOver."""
    if until == math.inf:
        yield
        return
    if time.monotonic() >= until:
        raise TimeIsOver
    try:
        with _by_the_server(until) if db.engine.dialect.name == "postgresql" else _by_us(until):
            yield
    except OperationalError as error:
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorcode", None)
        if code not in (QUERY_CANCELED, sqlite3.SQLITE_INTERRUPT):
            raise
        raise TimeIsOver from error


@contextmanager
def _by_the_server(until: float) -> Iterator[None]:
    """Each statement has what is left at the start, and is planned for its own values: one plan for all values of a
    filter took twenty times as long."""
    left = max(1, int(1000 * (until - time.monotonic())))
    with db.session.begin_nested():
        _set(statement_timeout=str(left), plan_cache_mode="force_custom_plan")
        yield
        _set(statement_timeout="0", plan_cache_mode="auto")


def _set(**settings: str) -> None:
    """Until the end of the transaction."""
    db.session.execute(select(*(func.set_config(name, value, True) for name, value in settings.items())))


@contextmanager
def _by_us(until: float) -> Iterator[None]:
    driver = db.session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_progress_handler(lambda: time.monotonic() > until, LOOKED_EVERY)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
