"""Drains of the queues: a wake-up starts one, and it goes on until nothing is due."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask

from app.accounts import asked
from app.catalogs import live
from app.desk import answering
from app.events.outbox import Perform, drain_batch
from app.events.record import Reaction
from app.events.wake import INDEX, INTAKE, LETTERS, SLOW, begin_drain, take_flag, wake
from app.extensions import db
from app.jobs.application import is_ending, kept
from app.mail import send
from app.mail.take import take_waiting
from app.notify import hooks, listeners
from app.search import index

REACTIONS: dict[str, Perform] = {
    Reaction.INDEX: index.perform,
    Reaction.NOTIFY: listeners.perform,
    Reaction.SEND: send.perform,
    Reaction.ANSWER: asked.perform,
    Reaction.HOOK: hooks.perform,
    Reaction.LEAVE: answering.perform,
}
BATCH_OF: dict[str, Callable[[], int]] = {
    INTAKE: take_waiting,
    INDEX: lambda: drain_batch(INDEX, REACTIONS),
    LETTERS: lambda: drain_batch(LETTERS, REACTIONS),
    SLOW: lambda: drain_batch(SLOW, REACTIONS),
}
TURN_SECONDS = 20.0  # Then the next drain goes on, so that the queues of one worker take turns.


def drain(queue: str) -> int:
    """Do the due work of a queue, for one turn; answers how much was done."""
    return drain_in(kept(), queue)


def drain_in(app: Flask, queue: str, *, seconds: float = TURN_SECONDS) -> int:
    """The same in a given application. What a turn leaves, the next one does; an ending worker leaves it due."""
    redis = app.extensions["redis"]
    end = time.monotonic() + seconds
    done = 0
    with app.app_context():
        begin_drain(redis, queue)
        while not is_ending():
            take_flag(redis, queue)
            live.look()
            taken = BATCH_OF[queue]()
            db.session.remove()
            done += taken
            if not taken and not take_flag(redis, queue):
                break
            if time.monotonic() > end:
                wake(redis, [queue])
                break
    return done
