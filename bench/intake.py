"""Letters a second of one worker, RQ and acknowledgement included, against a floor of the same run.

The floor parses and reads the same letters with the standard library (compat32) and makes one durable SQLite
commit for each. `python -m bench intake [--letters N]`
"""

from __future__ import annotations

import argparse
import email
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select

import config
from app.events.wake import QUEUES
from app.mail.receive import Envelope, Receiver
from app.models.engine import make_engine
from app.models.tables import journal, outbox
from app.supervisor import valkey
from bench.desks import ROOT, RUN, Desk, environment, named, stop
from bench.letters import letters
from bench.measure import Figure, report

FLOOR_SHARE = 0.05
PATIENCE = 600.0

Letters = list[tuple[str, str, bytes]]


def main(argv: Sequence[str] = ()) -> int:
    """Measure, print, and answer 0 when the bar holds."""
    parser = argparse.ArgumentParser(prog="python -m bench intake", description=__doc__)
    parser.add_argument("--letters", type=int, default=600, help="how many letters (default 600)")
    given = letters(parser.parse_args(argv).letters)
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
        made = Desk(Path(folder), 0)
        first = _floor(given, made.folder / "floor1.db")
        kept, worked, done = _through_the_desk(given, made)
        floor = max(first, _floor(given, made.folder / "floor2.db"))  # before and after: the disk may be busy
    together = 1 / (1 / kept + 1 / worked)
    return report(
        f"Intake of {len(given)} letters: {done}",
        Figure("floor: compat32 parse, read, one durable commit", floor, "/s"),
        Figure("kept in the journal (file, row, wake-up)", kept, "/s"),
        Figure("one worker: ticket, search index, acknowledgement kept as a file", worked, "/s"),
        Figure("both together", together, "/s"),
        Figure("one worker / floor", worked / floor, at_least=FLOOR_SHARE),
        Figure("both together / floor", together / floor, at_least=FLOOR_SHARE),
    )


def _floor(given: Letters, path: Path) -> float:
    """Letters a second that do nothing but parse, read and commit."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE letter (id INTEGER PRIMARY KEY, subject TEXT, body BLOB)")
    begin = time.perf_counter()
    for _sender, _mailbox, raw in given:
        parsed = email.message_from_bytes(raw)
        parts = [part.get_payload(decode=True) for part in parsed.walk() if not part.is_multipart()]
        database.execute("INSERT INTO letter (subject, body) VALUES (?, ?)", (parsed["Subject"], parts[0]))
    seconds = time.perf_counter() - begin
    database.close()
    return len(given) / seconds


def _through_the_desk(given: Letters, made: Desk) -> tuple[float, float, str]:
    """Letters a second kept, and worked off by one worker; and how they ended."""
    settings = made.settings
    subprocess.run([sys.executable, RUN, "init", "--preset", "cwt"], env=environment(made), check=True)
    with valkey.running(settings):
        kept = _keep(given, settings)
        with _worker(made):
            worked = _work(len(given), settings)
        engine = make_engine(settings.database_url)
        with engine.connect() as connection:
            ended = connection.execute(select(journal.c.outcome, func.count()).group_by(journal.c.outcome)).all()
        engine.dispose()
    out = len(list(settings.outgoing.glob("*.eml")))
    return kept, worked, ", ".join(f"{count} {outcome}" for outcome, count in ended) + f"; {out} letters out"


def _keep(given: Letters, settings: config.Settings) -> float:
    receiver = Receiver(settings)
    begin = time.perf_counter()
    for sender, mailbox, raw in given:
        receiver.keep(raw, Envelope((mailbox,), "smtp", sender))
    seconds = time.perf_counter() - begin
    receiver.close()
    return len(given) / seconds


def _work(count: int, settings: config.Settings) -> float:
    """From the first letter that is settled to the last effect that is owed."""
    engine = make_engine(settings.database_url)
    left = _left(engine)
    while _left(engine) == left:
        time.sleep(0.01)
    begin = time.perf_counter()
    while _left(engine):
        if time.perf_counter() - begin > PATIENCE:
            raise TimeoutError("The worker did not finish.")
        time.sleep(0.1)
    seconds = time.perf_counter() - begin
    engine.dispose()
    return count / seconds


def _left(engine: Engine) -> int:
    with engine.connect() as connection:
        waiting = connection.scalar(select(func.count()).where(journal.c.outcome == "waiting")) or 0
        return waiting + (connection.scalar(select(func.count()).select_from(outbox)) or 0)


@contextmanager
def _worker(made: Desk) -> Iterator[None]:
    """One worker for all queues, in a process of its own."""
    command = [sys.executable, "-m", "bench.intake", str(made.folder), "0"]
    process = subprocess.Popen(command, env=environment(made), cwd=ROOT)
    try:
        yield
    finally:
        stop([process])


def _serve(made: Desk) -> None:
    from app.jobs.worker import work

    work(made.application(), made.settings.redis_url, QUEUES)


if __name__ == "__main__":
    os.environ.pop("MAIL_SERVER", None)  # Letters of a bench never leave.
    _serve(named(sys.argv[1:]))
