"""The light process: SMTP intake, timetable and sweeper. It never imports Flask-AppBuilder."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

import config
from app.events.sweeper import sweep
from app.events.wake import SLOW
from app.jobs.preflight import guarded
from app.models.engine import make_engine

log = logging.getLogger(__name__)

SWEEP_SECONDS = 5.0
TIMETABLE = {"forget_old_sessions": 24 * 3600}  # chore -> seconds between two


def main(*, timetable: bool, listener: bool) -> int:
    """Run the asked parts until SIGTERM or SIGINT."""
    return guarded(lambda settings: _run(settings, timetable=timetable, listener=listener))


def _run(settings: config.Settings, *, timetable: bool, listener: bool) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    stop_listener: Callable[[], None] = lambda: None  # noqa: E731
    if listener:
        from app.mail import smtpd

        try:
            stop_listener = smtpd.start(settings)
        except OSError as error:
            print(
                f"Port {settings.intake_port} of {settings.intake_host} cannot be used ({error.strerror}): "
                "stop what uses it, or set BILETY_INTAKE_PORT.",
                file=sys.stderr,
            )
            return 1
    engine = make_engine(settings.database_url)
    redis = Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
    while not stopping.is_set():
        if timetable:
            _tick(engine, redis)
        stopping.wait(SWEEP_SECONDS)
    stop_listener()
    engine.dispose()
    return 0


def _tick(engine: Engine, redis: Redis) -> None:
    """One look: wake whoever has work, and queue the chores that are due. It outlives database and Valkey."""
    try:
        sweep(engine, redis)
        for chore, seconds in TIMETABLE.items():
            if redis.set(f"bilety:chore:{chore}", 1, nx=True, ex=seconds):
                Queue(SLOW, connection=redis, serializer=JSONSerializer).enqueue(
                    "app.jobs.chores.perform", chore, result_ttl=0, failure_ttl=3600
                )
    except (SQLAlchemyError, RedisError) as error:
        log.warning("The sweeper could not look: %s", error)
