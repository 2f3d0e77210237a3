"""What readers do with what is written for them: counts by day, opinions, searches, and notices put away."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.account import Account
    from app.models.entry import Entry


class Counted(StrEnum):
    """What became of an article that was offered to somebody who began to report a problem."""

    SHOWN = "shown"
    OPENED = "opened"
    HELPED = "helped"  # and nothing was sent
    FILED = "filed"  # the ticket was sent anyway


class EntryCount(Model):
    """How often that happened to an entry on one day (UTC)."""

    __tablename__ = "entry_count"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    what: Mapped[str] = mapped_column(String(8), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class Opinion(Model):
    """One reader's answer to whether a text helped, the last one that he gave."""

    __tablename__ = "opinion"
    __table_args__ = (UniqueConstraint("entry_id", "reader"), Index(None, "created_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    reader: Mapped[str] = mapped_column(String(64))  # the hash of an account or a browser
    account_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]  # of the text that he read
    helpful: Mapped[bool]
    comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    entry: Mapped[Entry] = relationship()
    account: Mapped[Account | None] = relationship()


class Sought(Model):
    """What was searched for, by the stems of its words: whoever it was. Numbers and addresses are left out."""

    __tablename__ = "sought"
    __table_args__ = (UniqueConstraint("stems", "language", "product_group_id"), Index(None, "last_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    stems: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8))
    product_group_id: Mapped[int] = mapped_column(default=0)  # 0: in no certain one
    words: Mapped[str] = mapped_column(String(200))  # as they were typed last
    asked: Mapped[int] = mapped_column(default=0)
    in_vain: Mapped[int] = mapped_column(default=0)  # so often nothing was found
    opened: Mapped[int] = mapped_column(default=0)  # so often something that was found was opened
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class PutAway(Model):
    """A notice that an account wants to see no more, until it says something new."""

    __tablename__ = "put_away"

    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
