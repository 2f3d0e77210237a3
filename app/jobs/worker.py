"""An RQ worker for our own jobs only."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import DeserializationError, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from app.events.wake import serving
from app.jobs import application

log = logging.getLogger(__name__)

ALLOWED = frozenset({"app.jobs.drain.drain", "app.jobs.chores.perform"})
IDLE_SECONDS = 60  # So often, less a few seconds, an idle worker says that it lives.
COLLECT_AFTER = (20_000, 50, 100)  # objects, young collections, older ones
PAUSE_SECONDS = 2.0  # before Valkey is asked again
MOST_JOBS = 20_000  # Then a fresh process takes over, so that nothing a library leaks grows for ever.


class OwnJob(Job):
    """A job that can be read. One that cannot is no job: RQ's worker would end of it."""

    @classmethod
    def fetch(cls, *which: Any, **how: Any) -> Job:
        try:
            job = super().fetch(*which, **how)
            job.func_name, job.args, job.kwargs  # noqa: B018 they are read from bytes that anybody may have written
        except NoSuchJobError:
            raise
        except (DeserializationError, ValueError, TypeError, LookupError, AttributeError) as error:
            log.error("A job that cannot be read was thrown away: %s", error)
            raise NoSuchJobError from error
        return job


class OwnJobsWorker(SimpleWorker):
    """Runs jobs in its own process; whoever can write to Valkey cannot make it run anything but ours."""

    def perform_job(self, job: Job, *rest: Any, **more: Any) -> Any:
        if not is_ours(job):
            log.error("Job %s asks for %s or for callbacks, which are not ours", job.id, job.func_name)
            job.delete()
            return False
        return super().perform_job(job, *rest, **more)

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Say also which queues are served: RQ's own list of workers does not survive a restart of Valkey."""
        super().heartbeat(timeout, pipeline)
        serving(self.connection, self.queue_names(), seconds=timeout or self.worker_ttl + 60)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop between two batches instead of after the whole job."""
        application.end_soon()
        super().request_stop(signum, frame)


def is_ours(job: Job) -> bool:
    """Whether the job names one of our functions with a name, and nothing to be called before, after or beside it."""
    called_too = (job._success_callback_name, job._failure_callback_name, job._stopped_callback_name, job.webhooks)
    has_a_name = isinstance(job.args, list) and [type(each) for each in job.args] == [str] and not job.kwargs
    return job.func_name in ALLOWED and has_a_name and not any(called_too)


def work(app: Flask, redis_url: str, queues: Sequence[str], *, burst: bool = False) -> None:
    """Perform the jobs of these queues in turns until told to stop; with `burst` until none waits."""
    application.keep(app)
    _collect_seldom()
    logging.getLogger("rq.worker").addFilter(_in_one_line)
    redis = Redis.from_url(redis_url)
    read: dict[str, Any] = {"connection": redis, "serializer": JSONSerializer, "job_class": OwnJob}
    own = [Queue(name, **read) for name in queues]
    while not application.is_ending():
        _wait_for(redis)
        try:
            worker = OwnJobsWorker(own, worker_ttl=IDLE_SECONDS, **read)
            worker.work(burst=burst, logging_level="WARNING", max_jobs=MOST_JOBS, dequeue_strategy="round_robin")
            return
        except RedisError as error:
            log.warning("Valkey serves no more: %s", error)
            time.sleep(PAUSE_SECONDS)


def _collect_seldom() -> None:
    """Python's collector looks at what a batch made some hundred times; nearly all of it is gone without it."""
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _wait_for(redis: Redis) -> None:
    """Be patient with a Valkey that is away; the database keeps the work."""
    while True:
        try:
            redis.ping()
            return
        except RedisError as error:
            log.warning("Valkey does not answer: %s", error)
            time.sleep(PAUSE_SECONDS)


def _in_one_line(record: logging.LogRecord) -> bool:
    """What RQ says of a Valkey that is away needs no trace of calls."""
    if record.exc_info and isinstance(error := record.exc_info[1], RedisError):
        record.msg, record.args = f"{record.getMessage()} ({error})", ()
        record.exc_info = record.exc_text = None
    return True
