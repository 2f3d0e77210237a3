"""Where a change begins and ends. Nothing else commits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from flask import current_app
from sqlalchemy import Select
from sqlalchemy.exc import OperationalError

from app.events.wake import wake
from app.extensions import db
from app.models.engine import begin_writing

log = logging.getLogger(__name__)

WOKEN = "queues_to_wake"
Row = TypeVar("Row")


@contextmanager
def transaction(*, briefly: bool = False) -> Iterator[None]:
    """Commit all of a change or none of it; the commit wakes whoever must act on it. Entry points open one.

    On SQLite the write lock is taken at the start, so that what is read inside cannot change before it is written.
    `briefly`: what may be left out does not wait for others who write, and raises OperationalError soon.
    A row that the session holds already is not read anew: lock it by a query that populates it (access.get_ticket).
    """
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Something was changed before the transaction began.")
    session.commit()
    begin_writing(session.connection(), briefly=briefly)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def aside(write: Callable[[], None]) -> None:
    """Write what may be left out. Who waits for a page neither waits for others who write, nor sees it fail of them."""
    try:
        with transaction(briefly=True):
            write()
    except OperationalError as error:
        db.session.rollback()
        log.warning("Left out, as others write: %s", error.orig)


def read_once(query: Select[tuple[Row]], name: str) -> Sequence[Row]:
    """The rows of the query, asked once a transaction: a batch of letters asks for them again and again."""
    session = db.session()
    transaction, found = session.info.get(name, (None, ()))
    if transaction is None or transaction is not session.get_transaction():
        found = session.scalars(query).all()
        session.info[name] = (session.get_transaction(), found)
    return found


def wake_after_commit(queue: str) -> None:
    """This change has work for the queue."""
    db.session.info.setdefault(WOKEN, set()).add(queue)


def wake_after(queues: set[str]) -> None:
    """Wake the queues that a committed change has work for."""
    if queues:
        wake(current_app.extensions["redis"], queues)
