"""Wake-ups: hints in Valkey that there is work in the database. Losing one costs five seconds, never work."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

INTAKE, INDEX, LETTERS, SLOW = "intake", "index", "letters", "slow"
QUEUES = (INTAKE, INDEX, LETTERS, SLOW)
DAY = 24 * 3600
QUEUED_SECONDS = 10  # A drain that was queued and never began may be queued again after this.


def wake(redis: Redis, queues: Iterable[str]) -> None:
    """Ask for a drain of each queue, unless one is already waiting to begin. Never raises for Valkey being away."""
    try:
        for queue in queues:
            redis.set(_flag(queue), 1)
            if redis.set(_queued(queue), 1, nx=True, ex=QUEUED_SECONDS):
                Queue(queue, connection=redis, serializer=JSONSerializer).enqueue(
                    "app.jobs.drain.drain", queue, result_ttl=0, failure_ttl=3600, job_timeout=600
                )
    except RedisError as error:
        log.warning("Nobody was woken for %s: %s. The sweeper will find the work.", ", ".join(queues), error)


def ask_for(redis: Redis, chore: str) -> None:
    """Queue a chore of the timetable now, unless it was asked for within the last minute and has not begun since."""
    try:
        if redis.set(_asked(chore), 1, nx=True, ex=60):
            Queue(SLOW, connection=redis, serializer=JSONSerializer).enqueue(
                "app.jobs.chores.perform", chore, result_ttl=0, failure_ttl=3600, job_timeout=6 * 3600
            )
    except RedisError as error:
        log.warning("Nobody was asked for %s: %s", chore, error)


def begin_chore(redis: Redis, chore: str) -> None:
    """The chore has begun: what comes from now on may need it once more."""
    redis.delete(_asked(chore))


def begin_drain(redis: Redis, queue: str) -> None:
    """A drain has begun: the next wake-up may queue another."""
    redis.delete(_queued(queue))


def take_flag(redis: Redis, queue: str) -> bool:
    """Whether somebody asked for a drain since the last look."""
    return bool(redis.delete(_flag(queue)))


def serving(redis: Redis, queues: Iterable[str], *, seconds: int) -> None:
    """A worker says that it serves these queues, and will say so again within that time."""
    for queue in queues:
        redis.set(_served(queue), 1, ex=seconds)


def count(redis: Redis, what: str) -> None:
    """Something that ought not to happen did, for `doctor` to tell. Never raises for Valkey being away."""
    try:
        redis.incr(_counted(what))
        redis.expire(_counted(what), DAY)
    except RedisError as error:
        log.warning("Nobody counts %s: %s", what, error)


def counted(redis: Redis, what: str) -> int:
    """How often it did, since it last did not for a day. Raises RedisError."""
    return int(redis.get(_counted(what)) or 0)


def unserved(redis: Redis) -> tuple[str, ...]:
    """The queues that no worker serves. Raises RedisError."""
    return tuple(queue for queue in QUEUES if not redis.exists(_served(queue)))


def _asked(chore: str) -> str:
    return f"bilety:asked:{chore}"


def _counted(what: str) -> str:
    return f"bilety:counted:{what}"


def _flag(queue: str) -> str:
    return f"bilety:wake:{queue}"


def _queued(queue: str) -> str:
    return f"bilety:queued:{queue}"


def _served(queue: str) -> str:
    return f"bilety:served:{queue}"
