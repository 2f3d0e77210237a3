"""Tickets by the thousand, to measure with: made up, realistically spread, the same for the same seed."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import ColumnClause, Connection, false, func, literal_column, select, text, true, update

from app.demo.arrivals import arrivals
from app.demo.crowd import chunks, gather
from app.demo.lives import Receipts
from app.demo.rows import CalendarVersion, Maker
from app.desk.clocks import calendar_of
from app.events.transaction import transaction
from app.extensions import db
from app.models.event import Event
from app.models.product_group import ProductGroup
from app.models.ticket import Counter, Message, Ticket
from app.models.types import utc_now

CHUNK = 2_000  # tickets of one transaction: a desk at work waits a fraction of a second for it
CACHE_KIB = 262_144  # SQLite's default of 2 MiB would read index pages again and again
# What every row has alike is written into the statement: encoding it for each row would cost a fifth of the time.
NO_LIST: ColumnClause[Any] = literal_column("'[]'")
NO_DATA: ColumnClause[Any] = literal_column("'{}'")
INSERTS = (
    Ticket.__table__.insert().values(confidential=false(), fields=NO_DATA),
    Message.__table__.insert().values(folded=NO_LIST, automatic=false(), verified=true()),
    Event.__table__.insert().values(data=NO_DATA),
)


def make_tickets(app: Flask, count: int, *, seed: int = 1, now: datetime | None = None) -> None:
    """Add `count` tickets with three messages each, in order of arrival; says on standard error how far it is.

    Nothing is owed to the outbox: nobody gets a letter, and `run.py search --rebuild` must follow.
    """
    random, now = Random(seed), now or utc_now()  # noqa: S311 made-up tickets need no secrets
    with app.app_context():
        _give_room()
        with transaction():
            maker = Maker(gather(count), list(_groups()), random, now)
        moments = arrivals(count, now, random)
        began, done = time.monotonic(), 0
        for size in chunks(count, CHUNK):
            _add(maker, list(islice(moments, size)))
            done += size
            _say(done, count, time.monotonic() - began)
        _learn_statistics()


def _groups() -> Iterator[tuple[int, CalendarVersion, Receipts]]:
    """Id, calendar and receipts of every product group, the busiest first."""
    kept: dict[int, Receipts] = {}
    for group in db.session.scalars(select(ProductGroup).order_by(ProductGroup.position)):
        receipts = kept.setdefault(group.calendar_id, Receipts(calendar_of(group.calendar)))
        yield group.id, CalendarVersion(group.calendar_id, group.calendar.version), receipts


def _add(maker: Maker, moments: list[datetime]) -> None:
    with transaction():
        connection = db.session.connection()
        numbers = _numbers(len(moments))
        tickets = _new_ids(connection, Ticket, len(moments))
        messages = _new_ids(connection, Message, 3 * len(moments))
        batch = maker.batch(moments, numbers, tickets, messages)
        for insert, rows in zip(INSERTS, batch, strict=True):
            connection.execute(insert, rows)


def _numbers(count: int) -> range:
    """The next ticket numbers, handed out by the row that hands out all of them."""
    statement = update(Counter).where(Counter.name == "ticket").values(value=Counter.value + count)
    last = db.session.execute(statement.returning(Counter.value)).scalar_one()
    return range(last - count + 1, last + 1)


def _new_ids(connection: Connection, model: type[Ticket] | type[Message], count: int) -> list[int]:
    """Ids known before the rows are written. On SQLite the transaction holds the write lock, so nobody takes them."""
    if connection.dialect.name == "sqlite":
        last = connection.scalar(select(func.max(model.id))) or 0
        return list(range(last + 1, last + count + 1))
    sequence = f"pg_get_serial_sequence('{model.__tablename__}', 'id')"
    query = text(f"SELECT nextval({sequence}) FROM generate_series(1, :count)")  # noqa: S608 our own name
    return list(connection.scalars(query, {"count": count}))


def _give_room() -> None:
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")


def _learn_statistics() -> None:
    """After so many rows the planner's picture of the tables is out of date."""
    with transaction():
        db.session.execute(text("ANALYZE"))


def _say(done: int, count: int, seconds: float) -> None:
    print(f"\r{done} of {count} tickets, {done / max(seconds, 0.001):.0f} a second", end="", file=sys.stderr)
    if done == count:
        print(file=sys.stderr, flush=True)
