"""Workers run our jobs, and nothing else that somebody may write into Valkey."""

from __future__ import annotations

import json
import pickle
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from rq import Callback, Queue
from rq.serializers import JSONSerializer

import config
from app.events.wake import LETTERS, QUEUES, SLOW, ask_for, unserved, wake
from app.jobs import application, timetable, worker
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
    job = _queue(redis).enqueue("app.jobs.chores.perform", "forget_old_sessions", on_success=Callback("os.abort"))
    run_jobs(SLOW)
    assert not job.exists(job.id, connection=redis)


def test_a_worker_says_which_queues_it_serves(redis: Redis, run_jobs: RunJobs) -> None:
    assert unserved(redis) == QUEUES
    run_jobs(LETTERS)
    assert unserved(redis) == tuple(name for name in QUEUES if name != LETTERS)


def test_a_valkey_that_refuses_is_asked_again_and_said_in_one_line(
    redis: Redis, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wake(redis, [LETTERS])
    memory = redis.config_get("maxmemory")["maxmemory"]
    redis.config_set("maxmemory", "1")
    monkeypatch.setattr(worker.time, "sleep", lambda _seconds: redis.config_set("maxmemory", memory))
    run_jobs(LETTERS)
    assert len(Queue(LETTERS, connection=redis)) == 0
    said = [record for record in caplog.records if "maxmemory" in record.getMessage()]
    assert said
    assert all(record.exc_info is None and not record.exc_text for record in said)


def test_every_chore_of_the_timetable_can_be_done(redis: Redis, run_jobs: RunJobs) -> None:
    for chore in timetable.TIMETABLE:
        ask_for(redis, chore)
    run_jobs(SLOW)
    assert len(_queue(redis).failed_job_registry) == 0


def test_a_chore_is_asked_for_once_in_its_time(redis: Redis) -> None:
    assert timetable.ask_for_due(redis) == timetable.TIMETABLE.keys()
    assert timetable.ask_for_due(redis) == frozenset()
    assert len(_queue(redis)) == len(timetable.TIMETABLE)


def test_a_chore_that_has_begun_can_be_asked_for_again_at_once(redis: Redis, run_jobs: RunJobs) -> None:
    """Else a file to be imported would wait for up to a minute behind one that was read just before."""
    for _time in range(2):
        ask_for(redis, "import_rows")
        ask_for(redis, "import_rows")
        assert len(_queue(redis)) == 1
        run_jobs(SLOW)


def _queue(redis: Redis) -> Queue:
    return Queue(SLOW, connection=redis, serializer=JSONSerializer)


FORGED: dict[str, dict[str, Any]] = {
    "a pickle": {"data": zlib.compress(pickle.dumps(("os.abort", None, (), {})))},
    "a pickle of another time": {"data": pickle.dumps(("os.abort", None, (), {}))},
    "bytes that are nothing": {"data": b"\x00\xff\x80"},
    "JSON of another shape": {"data": zlib.compress(b'{"func": "os.system"}')},
    "a method of an object": {"data": zlib.compress(json.dumps(["drain", "os", ["x"], {}]).encode())},
    "no data": {},
    "no time": {"data": zlib.compress(b'["os.abort", null, [], {}]'), "timeout": "never", "created_at": "never"},
    "arguments of another shape": {"data": zlib.compress(b'["app.jobs.chores.perform", null, {"a": 1}, []]')},
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_job_is_thrown_away_and_the_honest_ones_behind_it_are_done(
    redis: Redis, run_jobs: RunJobs, forged: str
) -> None:
    """Attack case O63: somebody who can write into Valkey runs nothing and stops nobody."""
    values = {"origin": SLOW, "created_at": "2026-11-27T10:00:00.000000Z", "status": "queued", **FORGED[forged]}
    redis.hset("rq:job:forged", mapping=values)
    redis.rpush(f"rq:queue:{SLOW}", "forged", "no-such-job", "no id of a job!")
    ask_for(redis, "forget_old_sessions")
    run_jobs(SLOW)
    assert len(_queue(redis)) == 0
    assert len(_queue(redis).failed_job_registry) == 0
