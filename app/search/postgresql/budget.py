"""A statement that the server gives up in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, func, select, text

from app.extensions import db
from app.search.in_time import TimeIsOver, in_time

# A set of 300,000 documents fits in this memory; of one that does not, each is read again to be sure. A plan is made
# for the words at hand: one for any words, which a tenth search would get, takes up to six times as long.
SETTINGS = {"work_mem": "32MB", "plan_cache_mode": "force_custom_plan"}
# To the server comparing a document with a query costs as much as an addition, however long either is, and it believes
# that few rows are soon met wherever it begins.
BY_INDEX = {"enable_seqscan": "off", "max_parallel_workers_per_gather": "0"}


def rows_in_time(statement: Executable, until: float, *, by_index: bool = False) -> Sequence[Any] | None:
    """The rows; None where they were not found by then, as time.monotonic() tells it. The transaction goes on.

    `by_index`: words shall be looked up in an index, however many they are and however few rows are wanted.
    """
    _set(SETTINGS | BY_INDEX if by_index else SETTINGS)
    try:
        with in_time(until):
            return db.session.execute(statement).all()
    except TimeIsOver:
        return None
    finally:
        if by_index:
            for name in BY_INDEX:
                db.session.execute(text(f"SET LOCAL {name} TO DEFAULT"))


def _set(settings: Mapping[str, str]) -> None:
    """For this transaction."""
    db.session.execute(select(*(func.set_config(name, value, True) for name, value in settings.items())))
