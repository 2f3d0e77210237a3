"""The light process: SMTP intake, mailboxes elsewhere, timetable and sweeper. It never imports Flask-AppBuilder."""

from __future__ import annotations

import contextlib
import logging
import signal
import sys
import threading
from collections.abc import Iterator

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

import config
from app.events.sweeper import sweep
from app.jobs.timetable import ask_for_due
from app.models.engine import make_engine
from app.processes.preflight import CANNOT_START, guarded

log = logging.getLogger(__name__)

SWEEP_SECONDS = 5.0


def main(*, timetable: bool, listener: bool) -> int:
    """Run the asked parts until SIGTERM or SIGINT."""
    return guarded(lambda settings: _run(settings, timetable=timetable, listener=listener))


def _run(settings: config.Settings, *, timetable: bool, listener: bool) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    try:
        with _listening(settings) if listener else contextlib.nullcontext():
            if timetable:
                _keep_time(settings, stopping)
            stopping.wait()
    except OSError as error:  # NoPort of a listener
        print(error, file=sys.stderr)
        return CANNOT_START
    return 0


@contextlib.contextmanager
def _listening(settings: config.Settings) -> Iterator[None]:
    from app.mail import collect, smtpd

    with contextlib.ExitStack() as stack:
        stack.callback(smtpd.start(settings))
        stack.callback(collect.start(settings))
        yield


def _keep_time(settings: config.Settings, stopping: threading.Event) -> None:
    """Look every few seconds until told to stop."""
    engine = make_engine(settings.database_url)
    redis = Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
    while not stopping.wait(SWEEP_SECONDS):
        look(engine, redis)
    engine.dispose()


def look(engine: Engine, redis: Redis) -> None:
    """Wake whoever has work, and queue the chores that are due. It outlives database and Valkey."""
    try:
        sweep(engine, redis)
        ask_for_due(redis)
    except (SQLAlchemyError, RedisError) as error:
        log.warning("The sweeper could not look: %s", error)
