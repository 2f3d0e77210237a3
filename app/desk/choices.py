"""Choices of the administrators as dataclasses: each field is a row of `desk_setting`, or its default."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, TypeVar

from sqlalchemy import select

from app.extensions import db
from app.models.desk_setting import DeskSetting

Choices = TypeVar("Choices")


def chosen(kind: type[Choices], prefix: str) -> Choices:
    """The choices in force. Defaults tell the type of each: text or whole numbers."""
    defaults: dict[str, Any] = {field.name: field.default for field in fields(kind)}  # type: ignore[arg-type]
    names = [f"{prefix}{name}" for name in defaults]
    rows = {row.name: row.value for row in db.session.scalars(select(DeskSetting).where(DeskSetting.name.in_(names)))}
    kept = {name: type(value)(rows.get(f"{prefix}{name}", value)) for name, value in defaults.items()}
    return kind(**kept)


def choose(choices: Any, prefix: str) -> None:
    """Choose that from now on."""
    for name, value in asdict(choices).items():
        db.session.merge(DeskSetting(name=f"{prefix}{name}", value=str(value)))
