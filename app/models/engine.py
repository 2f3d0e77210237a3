"""How we speak to the two databases. Light: no Flask."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

READING = re.compile(r"\s*(?:SELECT|PRAGMA|EXPLAIN|BEGIN|WITH(?!.*\b(?:INSERT|UPDATE|DELETE)\b))\b", re.I | re.S)
BUSY_TIMEOUT_MS = 15_000  # longer than SQLite needs for an index over a million tickets (docs/fields.md)
BRIEFLY_MS = 250  # for what may be left out while somebody waits for a page
IN_TRANSACTION = 2  # libpq's PQTRANS_INTRANS: begun, and nothing in it has failed
PATIENCE_MS = 60_000  # of whom nobody waits for: a mail server that hands over a letter, a worker


def engine_options(url: str) -> dict[str, Any]:
    """Options for create_engine that suit the database at `url`."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}}
    pool = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 5}
    pool["pool_use_lifo"] = True  # the connection that was used last knows most plans
    return {**pool, "connect_args": {"connect_timeout": 5}}


def make_engine(url: str, *, patient: bool = False) -> Engine:
    """An engine with our rules, for processes that run without Flask."""
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    if patient:
        be_patient(engine)
    return engine


def be_patient(engine: Engine) -> None:
    """Wait longer for others who write before anything fails: what was sent already must be written down."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda raw, _record: raw.execute(f"PRAGMA busy_timeout={PATIENCE_MS}"))


def prepare(engine: Engine) -> None:
    """Make SQLite durable, checked and free of failed upgrades; PostgreSQL is all that by itself.

    It plans a page's statements longer than it runs them, so they keep their plans from request to request.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "before_cursor_execute", _begin_before_writing)
    else:
        engine.dialect.do_rollback = _roll_back  # type: ignore[assignment]


def begin_writing(connection: Connection, *, briefly: bool = False) -> None:
    """Take SQLite's write lock now, so that what is read next cannot change before it is written.

    `briefly`: wait BRIEFLY_MS for it at most. Raises OperationalError when others do not let go of it.
    """
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        if driver is not None and not driver.in_transaction:
            (usual,) = driver.execute("PRAGMA busy_timeout").fetchone() if briefly else (None,)
            try:
                if briefly:
                    driver.execute(f"PRAGMA busy_timeout={BRIEFLY_MS}")
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:  # As every other statement says it.
                raise OperationalError("BEGIN IMMEDIATE", None, error) from error
            finally:
                if briefly:
                    driver.execute(f"PRAGMA busy_timeout={usual}")


def keep_plans(session: Session) -> None:
    """Let PostgreSQL use one plan for all values from now to the transaction's end.

    For statements that leave it no choice: it guesses that the plan for any values costs more, and so plans a list by
    a field anew each time, which takes 1.2 ms of 2.5.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")


def hold(connection: Connection, names: Iterable[str]) -> None:
    """Let nobody else who holds one of these names go on before this transaction ends. SQLite's writers queue anyway.

    For what is not there yet, so that no row can be locked: an account, the first delivery of a letter.
    """
    wanted = sorted(set(names))  # Everybody takes them in one order, so no two wait for each other.
    if wanted and connection.dialect.name == "postgresql":
        each = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name"
        connection.execute(text(each), {"names": wanted})


def _roll_back(connection: Any) -> None:
    """psycopg forgets every prepared statement with a ROLLBACK of its own, and so ends each request that only read.

    What was made in the transaction is gone with it, plans of it too; but none of our transactions makes tables.
    """
    if connection.pgconn.transaction_status == IN_TRANSACTION:
        connection.pgconn.exec_(b"ROLLBACK")
    else:
        connection.rollback()


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # The driver begins nothing by itself; _begin_before_writing does.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_before_writing(_connection: Connection, cursor: sqlite3.Cursor, statement: str, *_rest: object) -> None:
    """Readers stand in autocommit, as PostgreSQL's READ COMMITTED would show them; the first write takes the lock.

    A transaction that begins as a reader and turns into a writer fails at once with "database is locked"
    when somebody else has written meanwhile. One that begins with BEGIN IMMEDIATE waits its turn.
    """
    if not cursor.connection.in_transaction and not READING.match(statement):
        cursor.execute("BEGIN IMMEDIATE")
