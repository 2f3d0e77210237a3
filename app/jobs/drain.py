"""Drains of the queues: a wake-up starts one, and it goes on until nothing is due."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from app.events.outbox import Perform, drain_batch
from app.events.record import Reaction
from app.events.wake import INDEX, INTAKE, LETTERS, SLOW, begin_drain, take_flag
from app.extensions import db
from app.jobs.application import kept
from app.mail import send
from app.mail.take import take_waiting
from app.notify import listeners
from app.search import index

REACTIONS: dict[str, Perform] = {
    Reaction.INDEX: index.perform,
    Reaction.NOTIFY: listeners.perform,
    Reaction.SEND: send.perform,
}
BATCH_OF: dict[str, Callable[[], int]] = {
    INTAKE: take_waiting,
    INDEX: lambda: drain_batch(INDEX, REACTIONS),
    LETTERS: lambda: drain_batch(LETTERS, REACTIONS),
    SLOW: lambda: drain_batch(SLOW, REACTIONS),
}
MOST_BATCHES = 200  # Then the next drain goes on, so that the queues of one worker take turns.


def drain(queue: str) -> int:
    """Do all the due work of a queue; answers how much was done."""
    return drain_in(kept(), queue)


def drain_in(app: Flask, queue: str) -> int:
    """The same in a given application."""
    redis = app.extensions["redis"]
    done = 0
    with app.app_context():
        begin_drain(redis, queue)
        for _turn in range(MOST_BATCHES):
            take_flag(redis, queue)
            taken = BATCH_OF[queue]()
            db.session.remove()
            done += taken
            if not taken and not take_flag(redis, queue):
                break
    return done
