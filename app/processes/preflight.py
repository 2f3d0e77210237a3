"""What must hold before a process starts, each failure one sentence that says what to mend."""

from __future__ import annotations

import sys
from collections.abc import Callable

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

import config
from app import known_key
from app.models.engine import make_engine

CANNOT_START = 1


def guarded(main: Callable[[config.Settings], int], *, needs_schema: bool = True, needs_key: bool = True) -> int:
    """Run a process's main part after a look at its settings, folder, database and key; its exit code."""
    settings = config.read()
    complaint = folder_complaint(settings) or database_complaint(settings, needs_schema=needs_schema)
    settings.secret_key  # noqa: B018 made or refused now, not at the first page
    if complaint is None and needs_key:
        complaint = key_complaint(settings)
    if complaint:
        print(complaint, file=sys.stderr)
        return CANNOT_START
    return main(settings)


def folder_complaint(settings: config.Settings) -> str | None:
    """What is wrong with BILETY_DATA."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        probe = settings.data / f".probe-{id(settings)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return f"The folder {settings.data} cannot be written ({error.strerror}): mend its rights, or set BILETY_DATA."
    return None


def database_complaint(settings: config.Settings, *, needs_schema: bool) -> str | None:
    """What is wrong with DATABASE_URL."""
    shown = config.without_password(settings.database_url)
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return f"DATABASE_URL must begin with sqlite:/// or postgresql://, not like {shown!r}."
    try:
        engine = make_engine(settings.database_url)
        with engine.connect() as connection:
            has_schema = inspect(connection).has_table("alembic_version")
        engine.dispose()
    except (SQLAlchemyError, ImportError, ValueError, OSError) as error:
        return f"The database {shown} cannot be used ({cause(error)}): mend DATABASE_URL or start the server."
    if needs_schema and not has_schema:
        return "The database has no tables yet: run `python run.py init` first."
    return None


def key_complaint(settings: config.Settings) -> str | None:
    """What is wrong with SECRET_KEY, whose database answers."""
    engine = make_engine(settings.database_url)
    try:
        return known_key.complaint(engine, settings)
    finally:
        engine.dispose()


def cause(error: Exception) -> str:
    """The driver's own words on one line."""
    original = getattr(error, "orig", None) or error
    text = " ".join(str(original).split())
    return text[:200] or type(original).__name__
