"""The schema goes up and down over a full desk, and is what the models say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, Select, column, insert, inspect, select, text
from sqlalchemy import table as quoted_table
from sqlalchemy.engine.interfaces import ReflectedPrimaryKeyConstraint
from sqlalchemy.exc import IntegrityError

from app.demo.desk import seed
from app.extensions import db
from app.models import migrate
from app.models.all import Model
from app.setup import init
from tests.browsing import Visitor

pytestmark = [  # SQLAlchemy cannot read SQLite's indexes of expressions back.
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection:sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index:UserWarning"),
]
LEFT_OUT = ("alembic_version", "search_index", "search_document")  # the index is made anew from the other rows
Rows = dict[str, list[dict[str, str]]]
NAMES = {
    "pk": r"pk_{table}",
    "uq": r"uq_{table}_\w+",
    "fk": r"fk_{table}_\w+",
    "ix": r"ix_{table}_\w+",
}
REVISIONS = [script.revision for script in ScriptDirectory(str(migrate.FOLDER)).walk_revisions()]  # the newest first
BEFORE = dict(zip(REVISIONS, [*REVISIONS[1:], "base"], strict=True))


@pytest.fixture
def engine(app: Flask) -> Iterator[Engine]:
    with app.app_context():
        yield db.engine


def rows_of(engine: Engine) -> Rows:
    """Every row of every table that is no copy of others, in the order of their keys; values can be compared."""
    with engine.connect() as connection:
        return {
            name: [
                {column: repr(value) for column, value in row.items()}
                for row in connection.execute(_in_order(name, key)).mappings()
            ]
            for (_schema, name), key in inspect(connection).get_multi_pk_constraint().items()
            if name not in LEFT_OUT
        }


def _in_order(table: str, key: ReflectedPrimaryKeyConstraint | None) -> Select[Any]:
    """All columns as the database has them now: nothing but their names is asked of it."""
    by = [column(name) for name in (key["constrained_columns"] if key else ())] or [text("1")]
    return select(text("*")).select_from(quoted_table(table)).order_by(*by)


def within(rows: Rows, known: Rows) -> Rows:
    """The rows without tables and columns that the other side does not know."""
    return {
        name: [{column: row[column] for column in (known[name][0] if known[name] else row)} for row in rows[name]]
        for name in known
    }


@pytest.mark.timeout(600)  # every revision there and back: minutes on a busy machine
def test_every_revision_goes_down_and_up_again_and_keeps_what_both_sides_know(app: Flask, engine: Engine) -> None:
    seed(app)
    below = rows_of(engine)
    for revision in REVISIONS:
        before = below
        migrate.downgrade(engine, BEFORE[revision])
        below = rows_of(engine)
        assert within(before, below) == below
        migrate.upgrade(engine, revision)
        above = rows_of(engine)
        assert above.keys() == before.keys()
        assert within(above, below) == below
        migrate.downgrade(engine, BEFORE[revision])
    assert rows_of(engine) == {}


def test_a_desk_that_went_down_to_nothing_can_be_set_up_anew(app: Flask, engine: Engine) -> None:
    migrate.downgrade(engine)
    assert migrate.current(engine) is None
    init(app, preset="cwt")
    assert migrate.current(engine) == migrate.newest()
    assert Visitor(app).get("/").status_code == 200


def test_each_revision_follows_one_other() -> None:
    assert sorted(REVISIONS, reverse=True) == REVISIONS
    assert len(ScriptDirectory(str(migrate.FOLDER)).get_heads()) == 1


def test_the_models_are_what_the_migrations_made(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []


def test_constraints_and_indexes_are_named_by_one_convention(engine: Engine) -> None:
    ours = [name for name in inspect(engine).get_table_names() if not name.startswith(("ab_", "alembic"))]
    assert "ticket" in ours
    strays = [name for table in ours for name in names_in(engine, table) if not follows(name, table)]
    assert strays == []


def names_in(engine: Engine, table: str) -> list[str]:
    """The names of everything that is named in a table; an unnamed constraint shows as its absence."""
    found = inspect(engine)
    constraints = [found.get_pk_constraint(table), *found.get_unique_constraints(table), *found.get_foreign_keys(table)]
    return [str(one["name"]) for one in [*constraints, *found.get_indexes(table)]]


def follows(name: str, table: str) -> bool:
    pattern = NAMES.get(name[:2])
    return bool(pattern and re.fullmatch(pattern.format(table=table), name))


@pytest.mark.parametrize(
    ("table", "column"), [("outbox", "event_id"), ("outbox", "letter_id"), ("journal", "mailbox_id")]
)
def test_no_row_can_point_to_nothing(engine: Engine, table: str, column: str) -> None:
    values = {"outbox": {"queue": "x", "reaction": "x"}, "journal": {"transport": "smtp", "recipient": "x"}}[table]
    more = {} if table == "outbox" else {"sha256": "0" * 64, "size": 1}
    statement = insert(Model.metadata.tables[table]).values(**values, **more, **{column: 999})
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(statement)
