"""What the desk supports, when it works, and who answers for it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import Json, UtcDateTime

if TYPE_CHECKING:
    from app.models.account import Account
    from app.models.mailbox import Mailbox


class Assigning(StrEnum):
    """How a new ticket gets its consultant."""

    HAND = "hand"  # somebody takes it or gives it
    TURNS = "turns"  # to the one whose turn is longest ago
    LOAD = "load"  # to the one who has the fewest open tickets


class CalendarRecord(Model):
    """A calendar as data; app/calendar reads its definition."""

    __tablename__ = "calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)

    def __str__(self) -> str:
        return self.name


class ProductGroup(Model):
    """A product line with its own mailbox, telephone digit (S18), calendar and consultants."""

    __tablename__ = "product_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(Json, default=dict, server_default="{}")  # by language, where another
    menu_digit: Mapped[str | None] = mapped_column(String(1), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    assigning: Mapped[str] = mapped_column(String(8), default=Assigning.HAND, server_default="hand")
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"), index=True)
    calendar: Mapped[CalendarRecord] = relationship()
    mailboxes: Mapped[list[Mailbox]] = relationship(back_populates="product_group")
    assignments: Mapped[list[Assignment]] = relationship(back_populates="product_group", passive_deletes=True)

    def __str__(self) -> str:
        return self.name


class Level(StrEnum):
    """How far a consultant goes in a product group; each goes as far as the one before and further."""

    SEE = "see"  # reads its tickets from the desk's side
    ANSWER = "answer"  # answers, notes, assigns, moves on
    MANAGE = "manage"  # its settings, who answers for it, moves to other product groups


ANSWERING = (Level.ANSWER, Level.MANAGE)


class Assignment(Model):
    """A consultant's level in a product group; who answers for it may be on duty at its telephone (S18)."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("account_id", "product_group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    product_group_id: Mapped[int] = mapped_column(ForeignKey("product_group.id", ondelete="CASCADE"), index=True)
    level: Mapped[str] = mapped_column(String(16), default=Level.ANSWER)
    turn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when a new ticket was last given to him by itself
    duty: Mapped[int | None]  # the place in the order in which calls of the group are offered; none: not on duty
    account: Mapped[Account] = relationship(back_populates="assignments")
    product_group: Mapped[ProductGroup] = relationship(back_populates="assignments")
