"""A statement that the server gives up in time."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, func, select, text
from sqlalchemy.exc import OperationalError

from app.extensions import db

QUERY_CANCELED = "57014"  # PostgreSQL, Appendix A


def rows_in_time(statement: Executable, until: float) -> Sequence[Any] | None:
    """The rows; None where they were not found by then, as time.monotonic() tells it. The transaction goes on."""
    if until == math.inf:
        return db.session.execute(statement).all()
    left = int(1000 * (until - time.monotonic()))
    if left <= 0:
        return None
    try:
        with db.session.begin_nested():
            db.session.execute(select(func.set_config("statement_timeout", str(left), True)))
            rows = db.session.execute(statement).all()
            db.session.execute(text("SET LOCAL statement_timeout TO DEFAULT"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != QUERY_CANCELED:
            raise
        return None
    return rows
