"""`run.py clock`: ask the stored calendars, where there is a database. Light: no Flask."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import config
from app.calendar import command
from app.calendar.model import Calendar
from app.calendar.plain import from_plain


def main(argv: Sequence[str]) -> int:
    """Answer by the stored calendars; without a database by the preset's."""
    return command.main(argv, _stored)


def _stored(name: str) -> Calendar | None:
    """The calendar of that name in the database; None where there is no such row, table or database."""
    try:
        settings = config.read()
    except config.BadSetting as error:
        print(error, file=sys.stderr)
        return None
    if not settings.given_database and not (settings.data / "bilety.db").exists():
        return None
    return _read(settings, name)


def _read(settings: config.Settings, name: str) -> Calendar | None:
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from app.models.engine import make_engine
    from app.models.types import Json

    query = text("SELECT definition FROM calendar WHERE name = :name").columns(definition=Json)
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            definition = connection.scalar(query, {"name": name})
    except SQLAlchemyError as error:
        print(f"The stored calendars could not be read: {error.__cause__ or error}", file=sys.stderr)
        return None
    finally:
        engine.dispose()
    return None if definition is None else from_plain(definition)
