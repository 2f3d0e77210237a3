"""Instants by the hour of UTC that they fall into: hours can be put together to the days of any reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

WRITTEN = "%Y-%m-%d %H"


class HourOf(FunctionElement[str]):
    """The hour as text like 2026-11-27 05, on either database; `begun_at` reads it."""

    inherit_cache = True
    type = String()

    def __init__(self, column: ColumnElement[Any] | Any) -> None:
        super().__init__(column)


def begun_at(hour: str) -> datetime:
    """When that hour began, in UTC."""
    return datetime.strptime(f"{hour} +0000", f"{WRITTEN} %z")


@compiles(HourOf, "sqlite")
def _sqlite(element: HourOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"strftime('{WRITTEN}', {compiler.process(element.clauses, **options)})"


@compiles(HourOf, "postgresql")
def _postgresql(element: HourOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"to_char(timezone('UTC', {compiler.process(element.clauses, **options)}), 'YYYY-MM-DD HH24')"
