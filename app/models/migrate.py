"""The schema's way up and down, by Alembic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to the revision."""
    with _changing(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Bring the schema down to the revision; `base` leaves no table of ours."""
    with _changing(engine) as connection:
        command.downgrade(_config(connection), revision)


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """A transaction for changing the schema. SQLite changes a table by copying it; while the old one goes, rows that
    point to it may neither stop nor follow it, so they are checked at the end instead. Raises BrokenReferences."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken:
                    raise BrokenReferences(f"A row of {broken[0]} would point to no row of {broken[2]}.")
        finally:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


class BrokenReferences(RuntimeError):
    """A migration would have left rows that point to nothing; it was undone."""


def draft(engine: Engine, message: str) -> None:
    """Write a new migration from the difference between models and database, to be reviewed by hand."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=_next_revision())


def _next_revision() -> str:
    """Revisions are numbered, so that a folder listing tells their order."""
    return f"{len(list((FOLDER / 'versions').glob('*.py'))) + 1:04d}"


def current(engine: Engine) -> str | None:
    """The revision that the database stands at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this version of Bilety needs."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def _config(connection: object) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    settings.attributes["connection"] = connection
    return settings
