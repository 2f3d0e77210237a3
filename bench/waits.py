"""How long writes to tickets wait beside something else that PostgreSQL or SQLite does, and for what."""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from sqlalchemy import select, text, update

from app.events.transaction import transaction
from app.extensions import db
from app.models.desk_setting import DeskSetting
from app.models.ticket import Ticket

LONG = 0.025  # seconds; what waited longer is looked into
PAUSE = 0.01  # seconds between two writes
LOOKS = 0.004  # seconds between two looks at what the writer waits for
DOING = """
SELECT coalesce(wait_event_type || ' ' || wait_event, 'running'), cardinality(pg_blocking_pids(pid))
FROM pg_stat_activity WHERE pid = %s"""
CHECKPOINTS = "SELECT num_timed + num_requested FROM pg_stat_checkpointer"
PERFORM = "import psycopg, sys; psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])"


@dataclass
class Beside:
    """Milliseconds that writes took, and reads against one alone; what the long ones waited for, PostgreSQL's words."""

    writes: list[float]
    reads: float
    seen: Counter[str] = field(default_factory=Counter)
    written: int = 0  # bytes of PostgreSQL's log
    checkpoints: int = 0

    @property
    def longest(self) -> float:
        return max(self.writes, default=0.0)

    def told(self, name: str) -> None:
        ordered = sorted(self.writes)
        high = ordered[int(len(ordered) * 0.99)] if ordered else 0.0
        waited = ", ".join(f"{what} {times}" for what, times in self.seen.most_common(6)) or "nothing"
        print(
            f"{name}: {len(ordered)} writes, p50 {statistics.median(ordered or [0]):.1f}, 99 of 100 within {high:.1f}, "
            f"longest {self.longest:.0f} ms; {self.checkpoints} checkpoints, {self.written / 1e6:.0f} MB of log; "
            f"looks at writes over {LONG * 1000:.0f} ms: {waited}",
            flush=True,
        )


def beside(start: Callable[[], subprocess.Popen[bytes]], size: int) -> Beside:
    """Write to one ticket after the other while the process runs. Raises RuntimeError where it fails."""
    alone = [_read() for _time in range(100)]
    found, reads = Beside([], 0.0), []
    is_postgresql = db.engine.dialect.name == "postgresql"
    watch = _Watch() if is_postgresql else None
    log_before = _log_position() if is_postgresql else 0
    process = start()
    while process.poll() is None:
        begin = time.perf_counter()
        _write(begin, len(found.writes) % size + 1)
        took = time.perf_counter() - begin
        found.writes.append(took * 1000)
        if watch and took > LONG:
            found.seen.update(watch.between(begin, begin + took))
        reads.append(_read())
        time.sleep(PAUSE)
    if watch:
        found.checkpoints, found.written = watch.end(), _log_position() - log_before
    if process.returncode:
        raise RuntimeError("What was to be done beside the writes failed.")
    db.session.expire_all()
    found.reads = statistics.median(reads) / statistics.median(alone)
    return found


def performing(statement: str) -> Callable[[], subprocess.Popen[bytes]]:
    """A process that has PostgreSQL perform it."""
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return lambda: subprocess.Popen([sys.executable, "-c", PERFORM, url, statement])


class _Watch:
    """Looks on from another connection, LOOKS seconds apart, at what the session's connection does."""

    def __init__(self) -> None:
        driver = db.session.connection().connection.driver_connection
        self.writer = driver.info.backend_pid  # type: ignore[union-attr]
        db.session.rollback()
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.connection = psycopg.connect(url, autocommit=True)
        self.seen: list[tuple[float, str]] = []
        self.is_over = threading.Event()
        self.checkpoints = self._checkpoints()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def between(self, begin: float, end: float) -> list[str]:
        return [what for when, what in list(self.seen[-1_000:]) if begin <= when <= end]

    def end(self) -> int:
        """How many checkpoints there were meanwhile."""
        self.is_over.set()
        self.thread.join()
        made = self._checkpoints() - self.checkpoints
        self.connection.close()
        return made

    def _checkpoints(self) -> int:
        (made,) = self.connection.execute(CHECKPOINTS).fetchone() or (0,)
        return int(made)

    def _look(self) -> None:
        while not self.is_over.wait(LOOKS):
            for what, blocking in self.connection.execute(DOING, (self.writer,)):
                self.seen.append((time.perf_counter(), what + (" behind another" if blocking else "")))


def _log_position() -> int:
    position = db.session.scalar(text("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"))
    db.session.rollback()
    return int(position or 0)


def _write(moment: float, ticket: int) -> None:
    with transaction():
        db.session.merge(DeskSetting(name="bench", value=str(moment)))
        db.session.execute(update(Ticket).where(Ticket.id == ticket).values(status=Ticket.status))


def _read() -> float:
    """Seconds that the newest tickets took."""
    begin = time.perf_counter()
    db.session.execute(select(Ticket.id, Ticket.subject).order_by(Ticket.updated_at.desc()).limit(26)).all()
    db.session.rollback()
    return time.perf_counter() - begin
