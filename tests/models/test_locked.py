"""While somebody writes to SQLite nobody else can: who waits in vain hears it as any trouble of the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from app.models import engine


@contextmanager
def _two(folder: Path) -> Iterator[tuple[sqlite3.Connection, Connection]]:
    """Somebody else's connection to a database, and one of ours."""
    ours = engine.make_engine(f"sqlite:///{folder / 'x.db'}")
    with closing(sqlite3.connect(folder / "x.db", isolation_level=None)) as other, ours.connect() as connection:
        yield other, connection
    ours.dispose()


def test_the_lock_is_told_as_trouble_of_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 10)
    with _two(tmp_path) as (other, connection):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            engine.begin_writing(connection)
        other.execute("ROLLBACK")
        engine.begin_writing(connection)


def test_who_reads_takes_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 10)
    with _two(tmp_path) as (other, connection):
        other.execute("CREATE TABLE one (updated_at TEXT)")
        other.execute("BEGIN IMMEDIATE")
        for reads in ("SELECT 1", "WITH RECURSIVE n AS (SELECT updated_at FROM one) SELECT count(*) FROM n"):
            connection.execute(text(reads))
            assert not connection.connection.driver_connection.in_transaction  # type: ignore[union-attr]
        for writes in ("DELETE FROM one", "WITH n AS (SELECT 1) UPDATE one SET updated_at = '' WHERE 1 IN n"):
            with pytest.raises(OperationalError, match="locked"):
                connection.execute(text(writes))


def test_what_may_be_left_out_waits_shortly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BRIEFLY_MS", 10)
    with _two(tmp_path) as (other, connection):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            engine.begin_writing(connection, briefly=True)
        assert connection.scalar(text("PRAGMA busy_timeout")) == engine.BUSY_TIMEOUT_MS


def test_who_must_not_be_refused_waits_longer(tmp_path: Path) -> None:
    for patient, milliseconds in ((False, engine.BUSY_TIMEOUT_MS), (True, engine.PATIENCE_MS)):
        ours = engine.make_engine(f"sqlite:///{tmp_path / 'x.db'}", patient=patient)
        with ours.connect() as connection:
            assert connection.scalar(text("PRAGMA busy_timeout")) == milliseconds
        ours.dispose()
