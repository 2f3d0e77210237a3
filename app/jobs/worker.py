"""`run.py worker`: one parent that has imported the application, and two workers forked from it."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import Any

from flask import Flask
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

import config
from app.events.wake import INDEX, INTAKE, LETTERS, SLOW
from app.jobs.preflight import guarded
from app.supervisor.children import die_with_parent

log = logging.getLogger(__name__)

WORKERS: tuple[tuple[str, ...], ...] = ((INTAKE, INDEX), (LETTERS, SLOW))
ALLOWED = frozenset({"app.jobs.drain.drain", "app.jobs.chores.perform"})
PAUSE_SECONDS = 1.0


class AllowedOnly(SimpleWorker):
    """Runs our own jobs in its own process; whoever can write to Valkey cannot run anything else."""

    def perform_job(self, job: Job, *rest: Any, **more: Any) -> Any:
        if job.func_name not in ALLOWED:
            log.error("Job %s asks for %s, which is no job of ours", job.id, job.func_name)
            job.delete()
            return False
        return super().perform_job(job, *rest, **more)


def main() -> int:
    return guarded(_parent)


def _parent(settings: config.Settings) -> int:
    """Fork a worker for each group of queues and start each again when it ends."""
    from app import create_app

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    app = create_app(settings)
    _close_connections(app)
    gc.collect()
    gc.freeze()  # What was imported stays shared between the forks.
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda caught, _frame: stopping.append(caught))
    running = {_fork(app, settings, queues): queues for queues in WORKERS}
    while not stopping:
        time.sleep(0.2)
        ended, _status = os.waitpid(-1, os.WNOHANG)
        if ended in running and not stopping:
            print(f"The worker of {', '.join(running[ended])} ended; it starts again.", file=sys.stderr)
            time.sleep(PAUSE_SECONDS)
            queues = running.pop(ended)
            running[_fork(app, settings, queues)] = queues
    _stop(running)
    return 0


def _fork(app: Flask, settings: config.Settings, queues: Sequence[str]) -> int:
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        die_with_parent()
        if os.getppid() == parent:
            work(app, settings, queues)
            code = 0
    finally:
        os._exit(code)


def work(app: Flask, settings: config.Settings, queues: Sequence[str], *, burst: bool = False) -> None:
    """Perform the jobs of these queues until told to stop; with `burst` until none waits."""
    from app.jobs import application

    application.keep(app)
    redis = Redis.from_url(settings.redis_url)
    own = [Queue(name, connection=redis, serializer=JSONSerializer) for name in queues]
    AllowedOnly(own, connection=redis, serializer=JSONSerializer).work(burst=burst, logging_level="WARNING")


def _close_connections(app: Flask) -> None:
    """A connection must not be shared by two processes."""
    from app.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _stop(running: dict[int, tuple[str, ...]]) -> None:
    """Let each worker end its job; the leases of one that does not are taken over later."""
    for child in running:
        os.kill(child, signal.SIGTERM)
    end = time.monotonic() + 10
    left = set(running)
    while left and time.monotonic() < end:
        ended, _status = os.waitpid(-1, os.WNOHANG)
        left.discard(ended)
        time.sleep(0.05)
    for child in left:
        os.kill(child, signal.SIGKILL)
