"""Finds what a lost wake-up or a dead worker left behind. Light: no Flask."""

from __future__ import annotations

from datetime import datetime

from redis import Redis
from sqlalchemy import Engine, or_, select

from app.events.wake import INTAKE, wake
from app.models.tables import journal, outbox
from app.models.types import utc_now


def sweep(engine: Engine, redis: Redis) -> frozenset[str]:
    """Wake every queue with due work that nobody holds; answers which queues those were."""
    queues = queues_with_work(engine, utc_now())
    if queues:
        wake(redis, queues)
    return queues


def queues_with_work(engine: Engine, now: datetime) -> frozenset[str]:
    """The queues whose outbox rows are due, and `intake` when letters wait in the journal."""
    due = select(outbox.c.queue).where(
        outbox.c.due_at <= now, or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until < now)
    )
    waiting = select(journal.c.id).where(
        journal.c.outcome == "waiting", or_(journal.c.claimed_until.is_(None), journal.c.claimed_until < now)
    )
    with engine.connect() as connection:
        queues = set(connection.scalars(due.distinct()))
        if connection.scalar(waiting.limit(1)):
            queues.add(INTAKE)
    return frozenset(queues)
