"""Calls: those that the exchange tells of (S18), and what customers still have to confirm (S6)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.account import Account
    from app.models.product_group import ProductGroup
    from app.models.ticket import Ticket


class Way(StrEnum):
    """How a customer confirmed that he called."""

    LETTER = "letter"  # by the button of our letter
    PORTAL = "portal"
    REPLY = "reply"
    API = "api"


class Confirmation(Model):
    """A ticket of a call, which its customer has to confirm until `due_at`."""

    __tablename__ = "confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), unique=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lapsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    way: Mapped[str | None] = mapped_column(String(16))

    ticket: Mapped[Ticket] = relationship(back_populates="confirmation")
    confirmed_by: Mapped[Account | None] = relationship()


class Call(Model):
    """A call as the telephone exchange tells of it. It waits until a consultant has seen to it."""

    __tablename__ = "call"
    __table_args__ = (Index(None, "settled_at", "came_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(String(100), unique=True)  # the exchange's own
    caller: Mapped[str] = mapped_column(String(40))  # empty: the number was withheld, or cannot be read
    caller_text: Mapped[str | None] = mapped_column(String(200))  # what was sent as the number, where that is none
    digits: Mapped[str] = mapped_column(String(20))
    product_group_id: Mapped[int | None] = mapped_column(ForeignKey("product_group.id"), index=True)
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seconds: Mapped[int | None]  # how long it took
    recording: Mapped[str | None] = mapped_column(String(2000))  # where it can be heard
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="SET NULL"), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    product_group: Mapped[ProductGroup | None] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    settled_by: Mapped[Account | None] = relationship()

    @property
    def said(self) -> str:
        """What the exchange told of the caller; empty where nothing."""
        return self.caller or self.caller_text or ""
