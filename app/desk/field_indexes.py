"""Indexes of the fields that tickets are filtered by: built aside, one after the other, while everybody goes on.

A filter is offered once its index is ready. On PostgreSQL it is built CONCURRENTLY; SQLite's writers wait some seconds
for one at a million rows, so their patience (busy_timeout) is longer than that.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Kind
from app.models.definitions import forget, published
from app.models.field import FieldIndex, FieldValue
from app.models.field_column import index_columns
from app.models.field_values import ASIDE, values_of
from app.models.ticket import Ticket

log = logging.getLogger(__name__)
OWNER = "ticket"
READY, BUILDING, FAILED = "ready", "building", "failed"
CHUNK = 500
STEP = 1_000  # ids of tickets, 20 ms on a PostgreSQL of a million
# The values of some tickets as rows of the side table: of several choices each, of a tree each step of the path.
CHOSEN = """
SELECT :field, id, value FROM ticket CROSS JOIN LATERAL jsonb_array_elements_text(
    CASE jsonb_typeof(fields -> :field) WHEN 'array' THEN fields -> :field ELSE '[]' END) AS chosen (value)
WHERE id > :last AND id <= :next"""
BRANCHES = """
SELECT :field, id, value FROM ticket JOIN unnest(CAST(:keys AS text[]), CAST(:values AS text[])) AS path (key, value)
    ON key = fields ->> :field
WHERE id > :last AND id <= :next"""
KEEP = "INSERT INTO field_value (field_id, row_id, value) {} ON CONFLICT DO NOTHING"
DROP = """
DELETE FROM field_value AS old WHERE field_id = :field AND row_id > :last AND row_id <= :next AND NOT EXISTS (
    SELECT FROM ({}) AS now (field_id, row_id, value) WHERE now.row_id = old.row_id AND now.value = old.value)"""
SAMPLED = 1_000  # rows of an index that SQLite looks at to learn how they are spread
KEPT_SECONDS = 2.0
_kept: dict[str, tuple[float, frozenset[str]]] = {}


def ready() -> frozenset[str]:
    """The ids of the fields whose index is ready, read anew every KEPT_SECONDS."""
    until, found = _kept.get("", (0.0, frozenset()))
    if time.monotonic() > until:
        found = frozenset(db.session.scalars(select(FieldIndex.field_id).where(FieldIndex.state == READY)))
        _kept[""] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def states() -> dict[str, str]:
    """How far each index is, by the id of its field."""
    return {row.field_id: row.state for row in db.session.scalars(select(FieldIndex))}


def forget_ready() -> None:
    _kept.clear()


def bring_up_to_date() -> None:
    """Build what is missing, drop what nobody filters by. Can be stopped at any time and goes on where it was."""
    forget()
    wanted = {each.id: each for each in published(db.session()).of(OWNER) if each.filterable}
    dialect = db.engine.dialect.name
    have = {row.field_id: (row.state, row.spelled) for row in db.session.scalars(select(FieldIndex))}
    for field_id in sorted(have.keys() - wanted.keys()):
        _drop(field_id)
    for field in wanted.values():
        spelled = index_columns(field, dialect) or "aside"
        if have.get(field.id) != (READY, spelled):
            _build(field, spelled)
    forget_ready()


def _build(field: Definition, spelled: str) -> None:
    _note(field.id, BUILDING, spelled)
    try:
        if field.kind in ASIDE:
            _fill_aside(field)
        else:
            _index(field, spelled)
    except SQLAlchemyError as error:
        log.exception("The index of field %s was not built", field.name)
        _note(field.id, FAILED, spelled, said=str(error)[:1000])
    else:
        _note(field.id, READY, spelled)


def _note(field_id: str, state: str, spelled: str, said: str = "") -> None:
    with transaction():
        row = db.session.get(FieldIndex, field_id) or FieldIndex(field_id=field_id)
        row.state, row.spelled, row.said = state, spelled, said
        db.session.add(row)


def _index(field: Definition, spelled: str) -> None:
    name = _name(field.id)
    _perform(
        [
            *_read_first(),
            *_alone(),
            f'DROP INDEX {_apart()}IF EXISTS "{name}"',
            f'CREATE INDEX {_apart()}"{name}" ON ticket ({spelled})',
            *_learn("ticket", f'"{name}"'),
        ]
    )


def _read_first() -> list[str]:
    """Have SQLite fetch the values before it keeps writers waiting: from a cold disk that took 37 s, else 4."""
    return ["SELECT sum(length(fields)) FROM ticket"] if db.engine.dialect.name == "sqlite" else []


def _alone() -> list[str]:
    """Have PostgreSQL build an index with one process, so that nobody waits for a processor meanwhile."""
    is_postgresql = db.engine.dialect.name == "postgresql"
    return ["SET max_parallel_maintenance_workers = 0"] if is_postgresql else []


def _learn(table: str, index: str) -> list[str]:
    """Let the planner know how many rows share a value: without it a filter was met in every row (46 ms, then 14)."""
    if db.engine.dialect.name == "postgresql":
        return [f"ANALYZE {table}"]
    return [f"PRAGMA analysis_limit = {SAMPLED}", f"ANALYZE {index}"]


def _drop(field_id: str) -> None:
    _perform([f'DROP INDEX {_apart()}IF EXISTS "{_name(field_id)}"'])
    with transaction():
        db.session.execute(delete(FieldValue).where(FieldValue.field_id == field_id))
        db.session.execute(delete(FieldIndex).where(FieldIndex.field_id == field_id))


def _perform(statements: Iterable[str]) -> None:
    """On PostgreSQL one by one outside any transaction, since it builds nothing CONCURRENTLY within one, and by a
    connection of their own, whose settings end with it however they end.

    On SQLite all in one: other connections read the schema anew after it, and with it the statistics.
    """
    db.session.commit()
    is_postgresql = db.engine.dialect.name == "postgresql"
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT") if is_postgresql else db.engine
    with engine.connect() as connection:
        if is_postgresql:
            connection.detach()
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def _apart() -> str:
    return "CONCURRENTLY " if db.engine.dialect.name == "postgresql" else ""


def _name(field_id: str) -> str:
    return f"ix_ticket_field_{field_id}"


def _fill_aside(field: Definition) -> None:
    """The side table of several values, in steps that let others write between them."""
    if db.engine.dialect.name == "postgresql":
        _fill_within_the_server(field)
    else:
        _fill_row_by_row(field)
    _perform(_learn("field_value", "field_value"))


def _fill_row_by_row(field: Definition) -> None:
    last = 0
    while True:
        began = time.monotonic()
        with transaction():
            query = select(Ticket.id, Ticket.fields).where(Ticket.id > last).order_by(Ticket.id).limit(CHUNK)
            rows = db.session.execute(query).all()
            if not rows:
                break
            ids = [row.id for row in rows]
            db.session.execute(delete(FieldValue).where(FieldValue.field_id == field.id, FieldValue.row_id.in_(ids)))
            found = [
                {"field_id": field.id, "value": value, "row_id": row.id}
                for row in rows
                for value in values_of(field, (row.fields or {}).get(field.id))
            ]
            if found:
                db.session.execute(insert(FieldValue), found)
            last = ids[-1]
        time.sleep(time.monotonic() - began)  # as long as it took: SQLite's waiting writers only look now and then


def _fill_within_the_server(field: Definition) -> None:
    """PostgreSQL copies the values itself; no commit of this waits for the disk, which others' commits wait for.

    A ticket may be saved while its step is under way: once everybody who was writing then is done, what a step put
    there too late is taken away again.
    """
    of_ticket = CHOSEN if field.kind == Kind.CHOICES else BRANCHES
    paths = [(option.key, value) for option in field.options for value in values_of(field, option.key)]
    given = {"field": field.id, "keys": [key for key, _value in paths], "values": [value for _key, value in paths]}
    _in_steps(KEEP.format(of_ticket), given)
    _until_others_are_done()
    _in_steps(DROP.format(of_ticket), given)


def _in_steps(statement: str, given: dict[str, Any]) -> None:
    """Perform it for all tickets, STEP ids at a time, resting as long as each step took."""
    newest = db.session.scalar(select(func.max(Ticket.id))) or 0
    for last in range(0, newest, STEP):
        began = time.monotonic()
        with transaction():
            for setting in ("synchronous_commit = off", "plan_cache_mode = force_custom_plan"):
                db.session.execute(text(f"SET LOCAL {setting}"))
            db.session.execute(text(statement), {**given, "last": last, "next": last + STEP})
        time.sleep(time.monotonic() - began)


def _until_others_are_done() -> None:
    """Wait for the transactions that are open now, an hour at most."""
    with transaction():
        now = db.session.scalar(text("SELECT pg_current_xact_id()::text::bigint"))
    oldest = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    for _second in range(3600):
        with transaction():
            if db.session.scalar(oldest) > now:
                return
        time.sleep(1)
