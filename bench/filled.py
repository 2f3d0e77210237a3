"""Desks of many tickets with twenty values each: a small desk, copied by the database itself.

A ticket that is made in Python takes 0.2 ms and three messages; a copy takes a tenth of that and a kilobyte. Copies
stand in the order in which they arrived, as on a desk that has grown, and belong to whom the first one belongs.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select, text

from app.desk import field_indexes
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Kind, Option, stored
from app.models.desk_setting import DeskSetting
from app.models.ticket import Counter, Ticket
from bench.desks import named

SEED = 10_000  # tickets made in Python
PATTERNS = 19_997  # sets of values made in Python; a prime, so that each meets every ticket of the seed
OLDEST = 0.05  # the part of the tickets that alone has the rare values
RARE = 0.05  # and what part of those has them
CHUNK = 10  # copies of the seed in one transaction
WORDS = ("Łódź", "lot", "żuraw", "ćma", "zamek", "ósmy", "sad", "ślad", "kabel", "rower")


FILTERED = (
    *(Kind.CHOICE, Kind.NUMBER, Kind.DATE, Kind.CHOICES, Kind.TEXT, Kind.YES_NO, Kind.MONEY, Kind.TREE),
    *(Kind.CHOICE, Kind.NUMBER, Kind.DATE, Kind.CHOICES, Kind.TEXT, Kind.DATETIME, Kind.EMAIL, Kind.CHOICE),
)
PLAIN = (Kind.LONG_TEXT, Kind.NUMBER, Kind.URL, Kind.TEXT)
OPTIONS = (*(f"o{number}" for number in range(10)), "rare")


def fields() -> list[Definition]:
    """Twenty fields of tickets, of which sixteen can be filtered by: as many as one owner may have."""
    return [_field(number, kind, number < len(FILTERED)) for number, kind in enumerate((*FILTERED, *PLAIN))]


def _field(number: int, kind: Kind, filterable: bool) -> Definition:
    has_options = kind in (Kind.CHOICE, Kind.CHOICES, Kind.TREE)
    return Definition(
        f"{number + 1:032x}",
        "ticket",
        kind,
        f"b_{kind}_{number}",
        labels={"pl": f"Pole {number}", "en": f"Field {number}"},
        options=tuple(_option(key, kind) for key in OPTIONS) if has_options else (),
        filterable=filterable,
    )


def _option(key: str, kind: Kind) -> Option:
    """In a tree the options from o5 on stand below the first five."""
    below = f"o{int(key[1]) - 5}" if kind == Kind.TREE and key[1:].isdigit() and int(key[1]) >= 5 else ""
    return Option(key, {"pl": f"Opcja {key}", "en": f"Option {key}"}, parent=below)


def _value(rng: random.Random, kind: Kind, is_old: bool) -> Any:
    """Choices are ten, numbers a thousand, dates seven years, texts five thousand; `rare` only old tickets have."""
    option = "rare" if is_old and rng.random() < RARE else f"o{rng.randrange(10)}"
    day = f"20{rng.randrange(20, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    word = f"{rng.choice(WORDS)} {rng.randrange(500)}"
    found: dict[Kind, Any] = {
        Kind.CHOICE: option,
        Kind.CHOICES: sorted({option, f"o{rng.randrange(10)}"}),
        Kind.TREE: option,
        Kind.NUMBER: 5_000 if option == "rare" else rng.randrange(1_000),
        Kind.MONEY: f"{rng.randrange(100_000)}.{rng.randrange(100):02}",
        Kind.DATE: day,
        Kind.DATETIME: f"{day}T{rng.randrange(24):02}:{rng.randrange(60):02}:00Z",
        Kind.YES_NO: rng.random() < 0.5,
        Kind.TEXT: "rzadki" if option == "rare" else word,
        Kind.EMAIL: f"osoba{rng.randrange(5_000)}@firma.example",
        Kind.URL: f"https://firma.example/{rng.randrange(10_000)}",
        Kind.LONG_TEXT: " ".join(rng.choice(WORDS) for _word in range(30)),
    }
    return found[kind]


def fill(size: int) -> None:
    """Grow the desk of SEED tickets to `size`, with values for every one; nothing is indexed by fields yet."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size=-524288")
    with transaction():
        first = db.session.scalar(select(func.max(Ticket.id))) or 0
        _keep_patterns(db.session.connection())
    copies = -(-size // first) - 1  # of each ticket
    for begin in range(1, copies + 1, CHUNK):
        with transaction():
            _copy(db.session.connection(), first, copies, begin, min(begin + CHUNK - 1, copies))
    with transaction():
        seeds = f"UPDATE ticket SET fields = {_pattern('id', 'false')} WHERE id <= {first}"  # noqa: S608
        db.session.execute(text(seeds))
        last = db.session.scalar(select(func.max(Ticket.number)))
        counter = db.session.get_one(Counter, "ticket")
        counter.value = last or counter.value
        db.session.execute(text("DROP TABLE bench_pattern"))
    if db.engine.dialect.name == "postgresql":
        with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as alone:
            alone.execute(text("SELECT setval(pg_get_serial_sequence('ticket', 'id'), (SELECT max(id) FROM ticket))"))
            alone.execute(text("VACUUM ANALYZE ticket"))
    else:
        with transaction():
            db.session.execute(text("ANALYZE"))


def _keep_patterns(connection: Connection) -> None:
    kind = "JSONB" if connection.dialect.name == "postgresql" else "JSON"
    connection.execute(text(f"CREATE TABLE bench_pattern (id INTEGER PRIMARY KEY, fields {kind} NOT NULL)"))
    insert = text("INSERT INTO bench_pattern (id, fields) VALUES (:id, :fields)")
    connection.execute(insert, [{"id": number, "fields": json.dumps(values)} for number, values in _patterns()])


def _patterns() -> Iterator[tuple[int, dict[str, Any]]]:
    """Those of the oldest tickets stand after the others."""
    rng, definitions = random.Random(1), fields()
    for number in range(2 * PATTERNS):
        values = {each.id: _value(rng, each.kind, number >= PATTERNS) for each in definitions}
        yield number, stored(definitions, values)


def _pattern(row_id: str, is_old: str) -> str:
    place = f"({row_id} % {PATTERNS} * 7919) % {PATTERNS} + CASE WHEN {is_old} THEN {PATTERNS} ELSE 0 END"
    return f"(SELECT p.fields FROM bench_pattern p WHERE p.id = {place})"  # noqa: S608


def _copy(connection: Connection, first: int, copies: int, begin: int, end: int) -> None:
    """The copies of those numbers of each ticket, a minute apart."""
    row_id = f"{first} + (t.id - 1) * {copies} + c.n"
    new = {
        "id": row_id,
        "number": f"(SELECT max(number) FROM ticket WHERE id <= {first}) + (t.id - 1) * {copies} + c.n",  # noqa: S608
        "fields": _pattern(f"({row_id})", f"t.id <= {first * OLDEST}"),
    }
    for moment in ("arrived_at", "counts_as_received_at", "updated_at", "resolved_at", "closed_at"):
        new[moment] = _earlier(connection, f"t.{moment}", f"{copies} - c.n")
    names = [column.name for column in Ticket.__table__.columns]
    chosen = ", ".join(new.get(name, f"t.{name}") for name in names)
    connection.execute(
        text(
            f"WITH RECURSIVE c(n) AS (SELECT {begin} UNION ALL SELECT n + 1 FROM c WHERE n < {end})"  # noqa: S608
            f" INSERT INTO ticket ({', '.join(names)}) SELECT {chosen} FROM ticket t, c WHERE t.id <= {first}"
        )
    )


def _earlier(connection: Connection, moment: str, minutes: str) -> str:
    if connection.dialect.name == "postgresql":
        return f"{moment} - ({minutes}) * interval '1 minute'"
    # SQLAlchemy keeps six digits of a second, strftime gives three.
    return f"strftime('%Y-%m-%d %H\\:%M\\:%f', {moment}, -({minutes}) || ' minutes') || '000'"


def _build() -> None:
    """Bring the indexes up to date and note how many seconds that took."""
    with named(sys.argv[1:]).application().app_context():
        began = time.perf_counter()
        field_indexes.bring_up_to_date()
        with transaction():
            db.session.merge(DeskSetting(name="bench-built", value=str(time.perf_counter() - began)))


if __name__ == "__main__":
    _build()
