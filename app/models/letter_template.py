"""Letters' words that the desk has changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model
from app.models.types import UtcDateTime, utc_now


class LetterTemplate(Model):
    """The desk's own words of a letter in one language; where there is no row, the product's file holds."""

    __tablename__ = "letter_template"
    __table_args__ = (UniqueConstraint("name", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(Text)  # empty where the product's words hold still
    proposed: Mapped[str | None] = mapped_column(Text)  # waits for a second pair of eyes
    version: Mapped[int]
    broken: Mapped[str | None] = mapped_column(Text)  # why it could not be used: the file's words went out
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
