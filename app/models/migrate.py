"""The schema's way up and down, by Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to the revision."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Bring the schema down to the revision; `base` leaves no table of ours."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


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
