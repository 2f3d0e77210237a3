"""`run.py worker`: two workers forked from one parent that has imported the application."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from flask import Flask

import config
from app.events.wake import INDEX, INTAKE, LETTERS, SLOW
from app.models.engine import be_patient
from app.processes.forking import Members, application_to_fork, keep_running
from app.processes.preflight import guarded

WORKERS: tuple[tuple[str, ...], ...] = ((INTAKE, INDEX), (LETTERS, SLOW))


def main() -> int:
    return guarded(lambda settings: keep_running(workers(application_to_fork(settings), settings), settings))


def workers(app: Flask, settings: config.Settings) -> Members:
    """A worker for each group of queues."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    return {f"The worker of {', '.join(queues)}": partial(_work, app, settings, queues) for queues in WORKERS}


def _work(app: Flask, settings: config.Settings, queues: Sequence[str]) -> None:
    from app.extensions import db
    from app.jobs.worker import work

    with app.app_context():
        be_patient(db.engine)
    work(app, settings.redis_url, queues)
