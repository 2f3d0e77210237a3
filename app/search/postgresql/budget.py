"""A statement that the server gives up in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable

from app.extensions import db
from app.search.in_time import TimeIsOver, in_time


def rows_in_time(statement: Executable, until: float) -> Sequence[Any] | None:
    """The rows; None where they were not found by then, as time.monotonic() tells it. The transaction goes on."""
    try:
        with in_time(until):
            return db.session.execute(statement).all()
    except TimeIsOver:
        return None
