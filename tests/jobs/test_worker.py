"""Workers run our jobs, and nothing else that somebody may write into Valkey."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Callback, Queue
from rq.serializers import JSONSerializer

import config
from app.events.wake import LETTERS, QUEUES, SLOW, ask_for, unserved, wake
from app.jobs import application, timetable
from app.jobs.worker import work
from app.mail.receive import Envelope, Receiver
from tests.mail.letters import letter

RunJobs = Callable[..., None]


@pytest.fixture
def redis(app: Flask) -> Redis:
    found: Redis = app.extensions["redis"]
    return found


@pytest.fixture
def run_jobs(app: Flask, settings: config.Settings) -> Iterator[RunJobs]:
    """run_jobs("letters") performs what waits in these queues, in this process."""
    yield lambda *queues: work(app, settings.redis_url, queues, burst=True)
    application._kept.clear()
    application._asked_to_end.clear()


def test_a_wake_up_brings_a_letter_to_its_acknowledgement(
    app: Flask, settings: config.Settings, redis: Redis, run_jobs: RunJobs, outgoing: Path
) -> None:
    receiver = Receiver(settings)
    receiver.keep(letter(), Envelope(("PomocTARGIT@pomoc.example",), "smtp", "anna@klient.example"))
    receiver.close()
    wake(redis, ["intake"])
    run_jobs(*QUEUES)
    assert list(outgoing.glob("*.eml"))
    assert [len(Queue(name, connection=redis)) for name in QUEUES] == [0, 0, 0, 0]


def test_another_function_is_not_run(redis: Redis, run_jobs: RunJobs, tmp_path: Path) -> None:
    made = tmp_path / "made"
    job = _queue(redis).enqueue("os.mkdir", str(made))
    run_jobs(SLOW)
    assert not made.exists()
    assert not job.exists(job.id, connection=redis)


def test_a_callback_is_not_run_either(redis: Redis, run_jobs: RunJobs) -> None:
    job = _queue(redis).enqueue("app.jobs.chores.perform", "forget_old_sessions", on_success=Callback("os.getpid"))
    run_jobs(SLOW)
    assert not job.exists(job.id, connection=redis)


def test_a_worker_says_which_queues_it_serves(redis: Redis, run_jobs: RunJobs) -> None:
    assert unserved(redis) == QUEUES
    run_jobs(LETTERS)
    assert unserved(redis) == tuple(name for name in QUEUES if name != LETTERS)


def test_every_chore_of_the_timetable_can_be_done(redis: Redis, run_jobs: RunJobs) -> None:
    for chore in timetable.TIMETABLE:
        ask_for(redis, chore)
    run_jobs(SLOW)
    assert len(_queue(redis).failed_job_registry) == 0


def test_a_chore_is_asked_for_once_in_its_time(redis: Redis) -> None:
    assert timetable.ask_for_due(redis) == timetable.TIMETABLE.keys()
    assert timetable.ask_for_due(redis) == frozenset()
    assert len(_queue(redis)) == len(timetable.TIMETABLE)


def _queue(redis: Redis) -> Queue:
    return Queue(SLOW, connection=redis, serializer=JSONSerializer)
