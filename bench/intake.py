"""Letters a second of one worker, RQ and acknowledgement included, against a floor of the same run.

The floor parses and reads the same letters with the standard library (compat32) and makes one durable SQLite
commit for each. `python -m bench intake [--letters N | --of FOLDER]`: made-up letters, or the .eml files of a folder,
as if 400 people had sent them. With `--postgresql` two workers on a PostgreSQL of its own
against one, by turns, and how often a worker was seen waiting for a lock of the other.
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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import median

from redis import Redis
from sqlalchemy import Engine, func, select, text

import config
from app.events.sweeper import sweep
from app.events.wake import QUEUES
from app.mail.receive import Envelope, Receiver
from app.models.engine import make_engine
from app.models.tables import journal, outbox
from app.models.types import utc_now
from app.supervisor import valkey
from bench.desks import ROOT, RUN, Desk, environment, named, stop
from bench.letters import MAILBOXES, SENDERS, letters
from bench.measure import Figure, report
from tests import databases

FLOOR_SHARE = 0.05
TWO_WORKERS = 1.3  # times one, on two cores with nothing else to do
PATIENCE = 600.0
LOOK_SECONDS = 0.1
LOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")

Letters = list[tuple[str, str, bytes]]


def main(argv: Sequence[str] = ()) -> int:
    """Measure, print, and answer 0 when the bar holds."""
    parser = argparse.ArgumentParser(prog="python -m bench intake", description=__doc__)
    parser.add_argument("--letters", type=int, default=600, help="how many letters (default 600)")
    parser.add_argument("--of", type=Path, metavar="FOLDER", help="the .eml files of a folder instead")
    parser.add_argument("--postgresql", action="store_true", help="two workers against one, on PostgreSQL")
    parser.add_argument("--rounds", type=int, default=3, help="of one and two workers on PostgreSQL (default 3)")
    asked = parser.parse_args(argv)
    given = _kept_in(asked.of) if asked.of else letters(asked.letters)
    if asked.postgresql:
        return _one_and_two_workers(given, asked.rounds)
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
        made = Desk(Path(folder), 0)
        first, once = _floor(given, made.folder / "floor1.db")
        desk = _through_the_desk(given, made)
        second, again = _floor(given, made.folder / "floor2.db")
        floor = max(first, second)  # before and after: the disk may be busy
    together = 1 / (1 / desk.kept + 1 / desk.worked)
    return report(
        f"Intake of {len(given)} letters: {desk.done}",
        Figure("floor: compat32 parse, read, one durable commit", floor, "/s"),
        Figure("kept in the journal (file, row, wake-up)", desk.kept, "/s"),
        Figure("one worker: ticket, search index, acknowledgement kept as a file", desk.worked, "/s"),
        Figure("both together", together, "/s"),
        Figure("one worker / floor", desk.worked / floor, at_least=FLOOR_SHARE),
        Figure("both together / floor", together / floor, at_least=FLOOR_SHARE),
        Figure("processor's time for a letter, the worker's", 1000 * desk.spent, "ms"),
        Figure("the same / the floor's", desk.spent / min(once, again)),
    )


def _kept_in(folder: Path) -> Letters:
    """Each file of the folder as a letter to one of the mailboxes."""
    every = enumerate(sorted(folder.glob("*.eml")))
    return [
        (f"osoba{n % SENDERS}@firma.example", f"{MAILBOXES[n % len(MAILBOXES)]}@pomoc.example", path.read_bytes())
        for n, path in every
    ]


@dataclass(frozen=True)
class Through:
    """Letters a second kept, and worked off; how they ended; the share of looks that saw a worker wait for a lock;
    seconds of processors that the workers spent on a letter."""

    kept: float
    worked: float
    done: str
    locked: float
    spent: float


def _one_and_two_workers(given: Letters, rounds: int) -> int:
    """By turns, each on a fresh desk: a machine's other work changes from minute to minute."""
    found: dict[int, list[Through]] = {1: [], 2: []}
    with databases.server() as server:
        for turn in range(rounds):
            for workers in (1, 2) if turn % 2 == 0 else (2, 1):
                with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
                    made = Desk(Path(folder), 0, databases.Postgresql(server).url)
                    found[workers].append(_through_the_desk(given, made, workers))
    one, two = (median(each.worked for each in found[workers]) for workers in (1, 2))
    ratios = [of_two.worked / of_one.worked for of_one, of_two in zip(found[1], found[2], strict=True)]
    return report(
        f"{len(given)} letters on PostgreSQL, {rounds} rounds: {found[2][-1].done}",
        Figure("one worker", one, "/s"),
        Figure("two workers", two, "/s"),
        Figure("looks at two workers that saw one wait for a lock", median(each.locked for each in found[2])),
        Figure("two workers / one, median of rounds", median(ratios), at_least=TWO_WORKERS),
    )


def _floor(given: Letters, path: Path) -> tuple[float, float]:
    """Letters a second that do nothing but parse, read and commit; seconds of the processor for each."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE letter (id INTEGER PRIMARY KEY, subject TEXT, body BLOB)")
    begin, spent = time.perf_counter(), time.process_time()
    for _sender, _mailbox, raw in given:
        parsed = email.message_from_bytes(raw)
        parts = [part.get_payload(decode=True) for part in parsed.walk() if not part.is_multipart()]
        subject = str(parsed["Subject"]).encode("utf-8", "replace")
        database.execute("INSERT INTO letter (subject, body) VALUES (?, ?)", (subject, next(iter(parts), b"")))
    seconds, spent = time.perf_counter() - begin, time.process_time() - spent
    database.close()
    return len(given) / seconds, spent / len(given)


def _through_the_desk(given: Letters, made: Desk, workers: int = 1) -> Through:
    settings = made.settings
    subprocess.run([sys.executable, RUN, "init", "--preset", "cwt"], env=environment(made), check=True)
    with valkey.running(settings):
        kept = _keep(given, settings)
        with ExitStack() as stack:
            pids = [stack.enter_context(_worker(made)) for _number in range(workers)]
            worked, locked, spent = _work(len(given), settings, pids)
        engine = make_engine(settings.database_url)
        with engine.connect() as connection:
            ended = connection.execute(select(journal.c.outcome, func.count()).group_by(journal.c.outcome)).all()
        engine.dispose()
    out = len(list(settings.outgoing.glob("*.eml")))
    done = ", ".join(f"{count} {outcome}" for outcome, count in ended) + f"; {out} letters out"
    return Through(kept, worked, done, locked, spent)


def _keep(given: Letters, settings: config.Settings) -> float:
    receiver = Receiver(settings)
    begin = time.perf_counter()
    for sender, mailbox, raw in given:
        receiver.keep(raw, Envelope((mailbox,), "smtp", sender))
    seconds = time.perf_counter() - begin
    receiver.close()
    return len(given) / seconds


def _work(count: int, settings: config.Settings, pids: Sequence[int]) -> tuple[float, float, float]:
    """Letters a second, from the first that is settled to the last effect that is due; the share of looks that saw a
    worker wait for a lock of PostgreSQL; seconds of processors that these processes spent on a letter.

    A letter whose earlier one another worker holds waits 5 s for its turn: it must leave too, out of the measured time.
    """
    engine = make_engine(settings.database_url)
    left = _left(engine)
    while _left(engine) == left:
        time.sleep(0.01)
    begin, spent = time.perf_counter(), _spent(pids)
    looks = locked = 0
    while _left(engine, due_by=utc_now()):
        if time.perf_counter() - begin > PATIENCE:
            raise TimeoutError("The worker did not finish.")
        looks += 1
        locked += _is_locked(engine)
        time.sleep(LOOK_SECONDS)
    seconds, spent = time.perf_counter() - begin, _spent(pids) - spent
    redis = Redis.from_url(settings.redis_url)
    while _left(engine):
        if time.perf_counter() - begin > PATIENCE:
            raise TimeoutError("Not every letter left.")
        sweep(engine, redis)
        time.sleep(LOOK_SECONDS)
    engine.dispose()
    return count / seconds, locked / max(looks, 1), spent / count


def _spent(pids: Sequence[int]) -> float:
    """Seconds of processors (Linux: 0 elsewhere)."""
    stats = [Path(f"/proc/{pid}/stat") for pid in pids]
    times = [each.read_text().rpartition(")")[2].split()[11:13] for each in stats if each.exists()]
    return sum(int(ticks) for each in times for ticks in each) / os.sysconf("SC_CLK_TCK")


def _is_locked(engine: Engine) -> bool:
    if engine.dialect.name != "postgresql":
        return False
    with engine.connect() as connection:
        return bool(connection.scalar(LOCKED))


def _left(engine: Engine, due_by: datetime | None = None) -> int:
    owed = select(func.count()).select_from(outbox)
    if due_by is not None:
        owed = owed.where(outbox.c.due_at <= due_by)
    with engine.connect() as connection:
        waiting = connection.scalar(select(func.count()).where(journal.c.outcome == "waiting")) or 0
        return waiting + (connection.scalar(owed) or 0)


@contextmanager
def _worker(made: Desk) -> Iterator[int]:
    """One worker for all queues, in a process of its own; its id."""
    command = [sys.executable, "-m", "bench.intake", str(made.folder), "0"]
    process = subprocess.Popen(command, env=environment(made), cwd=ROOT)
    try:
        yield process.pid
    finally:
        stop([process])


def _serve(made: Desk) -> None:
    from app.jobs.worker import work

    work(made.application(), made.settings.redis_url, QUEUES)


if __name__ == "__main__":
    os.environ.pop("MAIL_SERVER", None)  # Letters of a bench never leave.
    _serve(replace(named(sys.argv[1:]), database=os.environ.get("DATABASE_URL", "")))
