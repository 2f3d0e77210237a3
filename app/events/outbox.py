"""The outbox: claim by a lease, perform with no transaction open, settle. One failure never holds up the rest.

Delivery is at least once, so every reaction can run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from app.events.holders import own_name
from app.events.transaction import transaction
from app.extensions import db
from app.models.tables import outbox
from app.models.types import utc_now

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BATCH = 200
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(minutes=30)
MOST_ATTEMPTS = 60  # about a day of trying
LONGEST_ERROR = 1000
CLAIMED = ("id", "reaction", "event_id", "letter_id", "attempts", "request_id", "entry_id", "delivery_id", "held_id")


@dataclass(frozen=True)
class Item:
    """A claimed outbox row."""

    id: int
    reaction: str
    event_id: int | None
    letter_id: int | None
    attempts: int
    request_id: int | None = None
    entry_id: int | None = None
    delivery_id: int | None = None
    held_id: int | None = None


class Permanent(Exception):
    """Trying again is useless: somebody must look."""


class NotBegun(Exception):
    """Nothing was tried: the row stays due, for whoever comes next, or is due again at `until`."""

    def __init__(self, why: str, *, until: datetime | None = None) -> None:
        super().__init__(why)
        self.until = until


Perform = Callable[[list[Item]], Mapping[int, Exception | None]]


def drain_batch(queue: str, perform: Mapping[str, Perform], *, now: Callable[[], datetime] = utc_now) -> int:
    """Claim due rows of one queue, perform them reaction by reaction, settle; answers how many were claimed."""
    items = claim(queue, now())
    for reaction in dict.fromkeys(item.reaction for item in items):
        batch = [item for item in items if item.reaction == reaction]
        settle(batch, _outcomes(perform[reaction], batch), now())
    return len(items)


def claim(queue: str, now: datetime) -> list[Item]:
    """Take up to BATCH due rows that nobody holds, for the time of a lease."""
    free = or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until < now)
    due = (
        select(outbox.c.id)
        .where(outbox.c.queue == queue, outbox.c.due_at <= now, free)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)  # SQLite leaves this out; there one writer at a time is enough
        .cte()  # a plain subquery might be run again for each row, and find others (PostgreSQL)
    )
    with transaction():
        rows = db.session.execute(
            update(outbox)
            .where(outbox.c.id.in_(select(due.c.id)), free)
            .values(claimed_until=now + LEASE, claimed_by=own_name())
            .returning(*(outbox.c[name] for name in CLAIMED))
        ).all()
    return sorted((Item(*row) for row in rows), key=lambda item: item.id)


def settle(items: list[Item], outcomes: Mapping[int, Exception | None], now: datetime) -> None:
    """Remove what was done; put off what failed; give up, visibly, what can never succeed."""
    with transaction():
        done = [item.id for item in items if outcomes.get(item.id) is None]
        db.session.execute(delete(outbox).where(outbox.c.id.in_(done)))
        for item in items:
            error = outcomes.get(item.id)
            if error is not None:
                _postpone(item, error, now)


def delay_after(attempts: int) -> timedelta:
    """How long to wait after that many failures: 1, 2, 4 ... at most 30 minutes."""
    return min(FIRST_DELAY * 2 ** min(attempts - 1, 10), LONGEST_DELAY)


def _postpone(item: Item, error: Exception, now: datetime) -> None:
    if isinstance(error, NotBegun):
        later = {"due_at": error.until} if error.until else {}
        db.session.execute(update(outbox).where(outbox.c.id == item.id).values(claimed_until=None, **later))
        return
    attempts = item.attempts + 1
    given_up = isinstance(error, Permanent) or attempts >= MOST_ATTEMPTS
    values = {
        "attempts": attempts,
        "last_error": str(error)[:LONGEST_ERROR] or type(error).__name__,
        "due_at": None if given_up else now + delay_after(attempts),
        "claimed_until": None,
    }
    db.session.execute(update(outbox).where(outbox.c.id == item.id).values(values))


def _outcomes(perform: Perform, batch: list[Item]) -> Mapping[int, Exception | None]:
    """What became of each item. Where the whole batch fails each is tried alone, so one bad item harms only itself."""
    try:
        return perform(batch)
    except Exception as error:  # The worker's outermost edge: whatever a reaction raises is put off, not lost.
        log.exception("The outbox could not perform %s for %s", batch[0].reaction, [item.id for item in batch])
        db.session.rollback()
        if len(batch) == 1 or isinstance(error, (OperationalError, InterfaceError)):
            return {item.id: error for item in batch}
    return {id_: outcome for item in batch for id_, outcome in _outcomes(perform, [item]).items()}
