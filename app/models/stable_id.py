"""By what name other desks know a row (app/transfer)."""

from __future__ import annotations

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model


class StableId(Model):
    """The stable id of a row that was moved between desks."""

    __tablename__ = "stable_id"
    __table_args__ = (UniqueConstraint("kind", "uid"),)

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    row: Mapped[str] = mapped_column(String(64), primary_key=True)  # its primary key
    uid: Mapped[str] = mapped_column(String(64))
