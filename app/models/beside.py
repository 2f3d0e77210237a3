"""What stands beside a ticket: tags, watchers, its customer's rating, and acts on many that can be undone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Model
from app.models.ticket import Ticket
from app.models.types import Json, UtcDateTime, utc_now

ticket_tag = Table(
    "ticket_tag",
    Model.metadata,
    Column("ticket_id", ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "tag_id", "ticket_id"),
)


class Tag(Model):
    """A word by which the desk finds tickets again. Customers do not see it."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)  # in lower case

    def __str__(self) -> str:
        return self.name


class Watcher(Model):
    """Somebody who sees the ticket and wants to hear of it."""

    __tablename__ = "watcher"
    __table_args__ = (UniqueConstraint("ticket_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)


class Score(StrEnum):
    """How content a customer is."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class Rating(Model):
    """What a customer says of how his ticket was handled: one for each ticket."""

    __tablename__ = "rating"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    score: Mapped[str] = mapped_column(String(8))
    comment: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    ticket: Mapped[Ticket] = relationship()
    account: Mapped[Account] = relationship()


class BulkAct(Model):
    """One act on many tickets, and what each was like before: it can be undone for a while."""

    __tablename__ = "bulk_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    before: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)


class CopiedPerson(Model):
    """Somebody who stood in copy of a letter of the ticket. He sees nothing until somebody lets him in."""

    __tablename__ = "copied_person"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(String(320), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    left_out: Mapped[bool] = mapped_column(default=False)  # the desk will not let him in, and is asked no more
