"""Who holds a claimed row: a process, by a name that its parent knows too. What a dead one held is free at once.

Leases end by themselves, so this only saves the time until then, and nothing depends on it.
"""

from __future__ import annotations

import logging
import os
import secrets

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from app.models.engine import make_engine
from app.models.tables import journal, outbox

log = logging.getLogger(__name__)

_FAMILY = secrets.token_hex(8)  # Processes forked from this one have it too; no other process on any host does.
DIED = "The process that performed it died."


def own_name() -> str:
    """What this process writes into the rows that it claims."""
    return name_of(os.getpid())


def name_of(pid: int) -> str:
    """The same of a process forked from this one."""
    return f"{_FAMILY}-{pid}"


def let_go(database_url: str, pid: int) -> None:
    """Free what a process that was forked from this one held when it died. Never raises for the database being away.

    An effect that was tried before waits for the end of its lease: it may be what kills them.
    """
    engine = make_engine(database_url)
    letters = update(journal).where(journal.c.claimed_by == name_of(pid))
    effects = update(outbox).where(outbox.c.claimed_by == name_of(pid))
    try:
        with engine.begin() as connection:
            connection.execute(letters.values(claimed_by=None, claimed_until=None))
            connection.execute(effects.where(outbox.c.attempts == 0).values(claimed_until=None))
            connection.execute(effects.values(claimed_by=None, attempts=outbox.c.attempts + 1, last_error=DIED))
    except SQLAlchemyError as error:
        log.warning("What process %d held is free when its lease ends: %s", pid, error)
    finally:
        engine.dispose()
