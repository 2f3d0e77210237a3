"""Alembic's door to our metadata. `run.py init` calls it with a connection; there is no alembic.ini."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask_security import AsaList
from sqlalchemy import JSON

from app.models.all import Model
from app.models.types import UtcDateTime

OWN_TYPES = {UtcDateTime: "UtcDateTime()", JSON: "Json", AsaList: "AsaList()"}


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write the types that script.py.mako imports by their short names."""
    return OWN_TYPES.get(type(item)) or False if kind == "type" else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render_item,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
