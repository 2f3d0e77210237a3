"""Column types that both databases keep alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} carries no zone, so it is no instant.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def coerce_compared_value(self, _op: Any, _value: Any) -> UtcDateTime:
        return self


Json = JSON().with_variant(JSONB(), "postgresql")
JsonOrNull = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""None is NULL, and written as such: a column that is left out would have each new row written alone."""


HEAD_LENGTH = 64


def head_index(table: str, name: str) -> Index:
    """The index of a long text's heads, by which `ranges.same_text` finds it: a whole one may be too long for one.

    A migration that makes a table anew (Alembic's batch on SQLite) loses it, and must make it again.
    """
    return Index(f"ix_{table}_{name}_head", text(f"substr({name}, 1, {HEAD_LENGTH})"), "id")


def utc_now() -> datetime:
    """This instant. The one clock that default values read."""
    return datetime.now(UTC)
