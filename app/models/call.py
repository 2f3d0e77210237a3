"""Calls: what a customer still has to confirm (S6)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import UtcDateTime

if TYPE_CHECKING:
    from app.models.account import Account
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
