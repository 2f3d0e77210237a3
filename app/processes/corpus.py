"""`run.py corpus FOLDER`: every letter of a folder through the real intake of a throw-away desk.

The letters may hold real people's addresses, so the desk lives in an empty folder, on a database and a Valkey of
its own, and whatever it answers is kept as files there: no setting of the environment reaches it.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

import config
from app.events.wake import QUEUES, wake
from app.extensions import db
from app.mail import reasons
from app.mail.receive import Envelope, Receiver
from app.models.journal import JournalEntry, Outcome
from app.models.mailbox import Mailbox
from app.models.tables import outbox
from app.supervisor import valkey

REFUSED = 2
CANNOT = 1
ELSEWHERE = ("DATABASE_URL", "REDIS_URL")
RAISED = frozenset({reasons.FAILED, reasons.GAVE_UP, reasons.LOST_FILE})


@dataclass(frozen=True)
class Figures:
    """How fast it went and how much memory the process took at its largest."""

    kept_seconds: float
    worked_seconds: float
    peak_mib: float


def main(argv: Sequence[str]) -> int:
    """Print a line a letter and a summary; 0 when none is lost, raised or left waiting."""
    parser = argparse.ArgumentParser(prog="run.py corpus", description="Send every letter of a folder.")
    parser.add_argument("folder", type=Path, help="*.eml files, also in folders below")
    letters = sorted((folder := parser.parse_args(argv).folder).rglob("*.eml"))
    complaint = refusal(os.environ) or (None if letters else f"There is no .eml file in {folder}.")
    if complaint:
        print(complaint, file=sys.stderr)
        return REFUSED
    with _throw_away(os.environ.get("BILETY_DATA")) as data:
        return _run(letters, config.read({"BILETY_DATA": str(data)}))


def refusal(environ: Mapping[str, str]) -> str | None:
    """Why the letters may not be sent in this environment: somebody's desk would take and answer them."""
    for name in ELSEWHERE:
        if environ.get(name):
            return f"{name} is set, so this would not be a throw-away desk: run it without."
    data = Path(environ.get("BILETY_DATA") or "/nowhere")
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        return f"BILETY_DATA ({data}) is not an empty folder: name one that may be thrown away, or none."
    return None


@contextmanager
def _throw_away(given: str | None) -> Iterator[Path]:
    """The folder of BILETY_DATA, or one that is removed afterwards."""
    if given:
        Path(given).mkdir(parents=True, exist_ok=True)
        yield Path(given).absolute()
        return
    with tempfile.TemporaryDirectory(prefix="bilety-corpus-") as folder:
        yield Path(folder)


def _run(letters: Sequence[Path], settings: config.Settings) -> int:
    from app import create_app
    from app.setup import init

    with valkey.running(settings):
        app = create_app(settings)
        init(app, preset="cwt")
        names, kept_seconds = _keep(letters, settings, app)
        begun = time.perf_counter()
        _work(app, settings)
        worked_seconds = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with app.app_context():
            return _told(names, Figures(kept_seconds, worked_seconds, peak), settings)


def _keep(letters: Sequence[Path], settings: config.Settings, app: Flask) -> tuple[dict[int, Path], float]:
    """Journal row -> file, and the seconds that it took; the letters go to the mailboxes by turns."""
    with app.app_context():
        addresses = list(db.session.scalars(select(Mailbox.name).order_by(Mailbox.id)))
    receiver = Receiver(settings)
    names: dict[int, Path] = {}
    begun = time.perf_counter()
    for number, path in enumerate(letters):
        envelope = Envelope((addresses[number % len(addresses)],), transport="pipe")
        names |= dict.fromkeys(receiver.keep(path.read_bytes(), envelope), path)
    seconds = time.perf_counter() - begun
    receiver.close()
    return names, seconds


def _work(app: Flask, settings: config.Settings) -> None:
    """One worker for all queues until nothing is due."""
    from app.jobs.worker import work

    wake(app.extensions["redis"], QUEUES)
    work(app, settings.redis_url, QUEUES, burst=True)


def _told(names: Mapping[int, Path], figures: Figures, settings: config.Settings) -> int:
    """Print how each letter ended and the sums; whether all is well."""
    rows = {row.id: row for row in db.session.scalars(select(JournalEntry))}
    for row_id, path in names.items():
        row = rows[row_id]
        ticket = f"#{row.ticket.number}" if row.ticket else "-"
        print(f"{row.outcome:10} {row.reason or '-':24} {ticket:8} {path.name}")
    ended = [(rows[row_id].outcome, rows[row_id].reason) for row_id in names]
    raised = sum(reason in RAISED for _outcome, reason in ended)
    waiting = sum(outcome == Outcome.WAITING for outcome, _reason in ended)
    owed = db.session.scalar(select(func.count()).where(outbox.c.due_at.is_not(None))) or 0
    given_up = db.session.scalar(select(func.count()).where(outbox.c.due_at.is_(None))) or 0
    for outcome, count in Counter(outcome for outcome, _reason in ended).most_common():
        print(f"{count:6} {outcome}")
    for why, count in Counter(reason for outcome, reason in ended if outcome == Outcome.NOT_SURE).most_common():
        print(f"       {count:6} {why}: {reasons.sentence(why)}")
    print(f"{len(names)} letters, {waiting} waiting, {raised} raised, {owed} effects still owed.")
    print(f"Kept {len(names) / figures.kept_seconds:.0f} letters a second, then worked off", end=" ")
    print(f"{len(names) / figures.worked_seconds:.1f} a second; peak memory {figures.peak_mib:.0f} MiB.")
    sent = len(list(settings.outgoing.glob("*.eml")))
    print(f"{sent} letters went out, as files only; {given_up} are shown as failed.")
    return CANNOT if raised or waiting or owed else 0
