"""Rows that are written together are numbered beforehand, as SQLite would number them one by one.

SQLite tells the number of a row that it inserts only for one row at a time in a known order, so SQLAlchemy sends rows
without numbers each in a statement of its own; those that have one go together.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Integer, Table, func, inspect, select
from sqlalchemy.orm import InstanceState, Session

from app.models.engine import begin_writing


def number(session: Session, _context: Any, _instances: Any) -> None:
    """Give new rows of one table their numbers, in the order in which they were added. Listens to `before_flush`."""
    new: dict[Table, list[InstanceState[Any]]] = defaultdict(list)
    for row in session.new:
        state: InstanceState[Any] = inspect(row)
        table = state.mapper.local_table
        if isinstance(table, Table) and _is_numbered(table):
            new[table].append(state)
    several = {table: states for table, states in new.items() if len(states) > 1}
    if not several or session.connection().dialect.name != "sqlite":
        return
    begin_writing(session.connection())
    for table, states in several.items():
        states.sort(key=lambda state: state.insert_order or 0)
        rows = [state.obj() for state in states]
        kept = session.connection().scalar(select(func.max(table.c.id)))
        last = max([kept or 0, *(row.id for row in rows if row is not None and row.id is not None)])
        for row in rows:
            if row is not None and row.id is None:
                last += 1
                row.id = last


def _is_numbered(table: Table) -> bool:
    keys = list(table.primary_key)
    return len(keys) == 1 and keys[0].name == "id" and isinstance(keys[0].type, Integer) and not keys[0].foreign_keys
