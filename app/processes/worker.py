"""`run.py worker`: one parent that has imported the application, and two workers forked from it."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence

from flask import Flask

import config
from app.events.wake import INDEX, INTAKE, LETTERS, SLOW
from app.processes.preflight import guarded
from app.supervisor.children import die_with_parent

log = logging.getLogger(__name__)

WORKERS: tuple[tuple[str, ...], ...] = ((INTAKE, INDEX), (LETTERS, SLOW))
LOOK_EVERY = 0.2
PAUSE_SECONDS = 1.0
PATIENCE = 10.0

Running = dict[int, tuple[str, ...]]


def main() -> int:
    return guarded(_parent)


def _parent(settings: config.Settings) -> int:
    """Fork a worker for each group of queues, and again whenever one ends."""
    from app import create_app

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    app = create_app(settings)
    _close_connections(app)
    gc.collect()
    gc.freeze()  # What was imported stays shared between the forks.
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda caught, _frame: stopping.append(caught))
    running: Running = {}
    while not stopping:
        for queues in WORKERS:
            if queues not in running.values():
                running[_fork(app, settings, queues)] = queues
        time.sleep(LOOK_EVERY)
        if _reap(running) and not stopping:
            time.sleep(PAUSE_SECONDS)
    _stop(running)
    return 0


def _fork(app: Flask, settings: config.Settings, queues: Sequence[str]) -> int:
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(parent)
        from app.jobs.worker import work

        work(app, settings.redis_url, queues)
        code = 0
    except Exception:  # The process's outermost edge.
        log.exception("The worker of %s failed", ", ".join(queues))
    finally:
        os._exit(code)


def _reap(running: Running) -> bool:
    """Forget the workers that have ended; whether one of them ended badly."""
    badly = False
    for child, queues in list(running.items()):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            del running[child]
            if status:
                badly = True
                print(f"The worker of {', '.join(queues)} ended badly; it starts again.", file=sys.stderr)
    return badly


def _stop(running: Running) -> None:
    """Let each worker end its batch; the leases of one that does not are taken over later."""
    for child in running:
        os.kill(child, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while running and time.monotonic() < end:
        time.sleep(0.05)
        _reap(running)
    for child in running:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _close_connections(app: Flask) -> None:
    """A connection must not be shared by two processes."""
    from app.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
