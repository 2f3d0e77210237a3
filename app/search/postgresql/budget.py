"""A statement that the server gives up in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, func, select

from app.extensions import db
from app.search.in_time import TimeIsOver, in_time

# A set of 300,000 documents fits in this memory; of one that does not, each is read again to be sure. A plan is made
# for the words at hand: one for any words, which a tenth search would get, takes up to six times as long.
SETTINGS = {"work_mem": "32MB", "plan_cache_mode": "force_custom_plan"}
WHOLE = "enable_seqscan"  # may a table be read from its beginning to its end?


def rows_in_time(statement: Executable, until: float, *, by_index: bool = False) -> Sequence[Any] | None:
    """The rows; None where they were not found by then, as time.monotonic() tells it. The transaction goes on.

    `by_index`: of few rows the server believes that it will meet them soon, wherever it begins; it shall not.
    """
    _set({**SETTINGS, WHOLE: "off"} if by_index else SETTINGS)
    try:
        with in_time(until):
            return db.session.execute(statement).all()
    except TimeIsOver:
        return None
    finally:
        if by_index:
            _set({WHOLE: "on"})


def _set(settings: Mapping[str, str]) -> None:
    """For this transaction."""
    db.session.execute(select(*(func.set_config(name, value, True) for name, value in settings.items())))
