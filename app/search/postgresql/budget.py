"""A statement that the server gives up in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, func, select

from app.extensions import db
from app.search.in_time import TimeIsOver, in_time

# A set of 300,000 documents fits in this memory; of one that does not, each is read again to be sure. A plan is made
# for the words at hand: one for any words, which a tenth search would get, takes up to six times as long.
SETTINGS = {"work_mem": "32MB", "plan_cache_mode": "force_custom_plan"}


def rows_in_time(statement: Executable, until: float) -> Sequence[Any] | None:
    """The rows; None where they were not found by then, as time.monotonic() tells it. The transaction goes on."""
    db.session.execute(select(*(func.set_config(name, value, True) for name, value in SETTINGS.items())))
    try:
        with in_time(until):
            return db.session.execute(statement).all()
    except TimeIsOver:
        return None
