"""Sentences as translators of this desk say them, over the shipped catalogs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import Json, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.account import Account


class Translation(Model):
    """One sentence of a catalog in one language. Where there is no row, the shipped catalog holds.

    `strings` is what readers get: empty while nothing was ever let through. `proposed` waits for a second pair of eyes.
    `shipped` is what the shipped catalog said when `strings` were written, so that a change of it shows.
    """

    __tablename__ = "translation"
    __table_args__ = (UniqueConstraint("domain", "language", "key"), Index(None, "account_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(32))  # catalogs.sources.key_of: a hash of the sentence and its context
    msgid: Mapped[str] = mapped_column(Text)
    plural: Mapped[str | None] = mapped_column(Text)
    context: Mapped[str] = mapped_column(String(200), default="")
    strings: Mapped[list[str]] = mapped_column(Json)
    shipped: Mapped[list[str]] = mapped_column(Json)
    proposed: Mapped[list[str] | None] = mapped_column(Json)
    unsure: Mapped[bool] = mapped_column(default=False)  # its translator asks others to look at it
    number: Mapped[int]  # of its last version
    account_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    account: Mapped[Account | None] = relationship()


class GlossaryTerm(Model):
    """What a word of the source is called in a language, and what it is not called: words separated by commas. A row
    that is not active counts for nothing."""

    __tablename__ = "glossary_term"
    __table_args__ = (UniqueConstraint("source", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(16))
    allowed: Mapped[str] = mapped_column(String(500), default="")
    forbidden: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    active: Mapped[bool] = mapped_column(default=True)
