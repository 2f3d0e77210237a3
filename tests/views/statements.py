"""How many SQL statements something costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from app.catalogs import live
from app.desk import branding
from app.extensions import appbuilder, db
from app.models import definitions
from app.views import reference


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database inside, in order, without those that a process sends every few seconds."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
        live.kept.until = 0.0
        live.look()
        live.kept.until = time.monotonic() + 60
        branding.forget()
        branding.branding()
        reference.forget()
        reference.reference()
        definitions.forget()
        definitions.published(db.session())
        permitted = appbuilder.sm._kept
        permitted.update({roles: (time.monotonic() + 60, kept) for roles, (_until, kept) in permitted.items()})
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
