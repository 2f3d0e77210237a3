"""Service levels: what is promised to whom, and what was promised of one ticket."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import UtcDateTime

if TYPE_CHECKING:
    from app.models.organisation import Organisation
    from app.models.product_group import ProductGroup
    from app.models.ticket import Ticket


class TermKind(StrEnum):
    """What is promised within a time."""

    FIRST = "first"  # the first answer
    NEXT = "next"  # the answer to what the customer wrote later
    SOLUTION = "solution"


WARN_PERCENT = 75  # of a term's working time: then somebody is warned; 100 warns nobody


class ServiceLevel(Model):
    """What is promised for some tickets, in minutes of working time. What is empty holds for all of its kind."""

    __tablename__ = "service_level"
    __table_args__ = (
        Index(  # which of two active ones for the same tickets would hold?
            "ix_service_level_meant_for",
            text("coalesce(priority, '')"),
            text("coalesce(product_group_id, 0)"),
            text("coalesce(organisation_id, 0)"),
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    priority: Mapped[str | None] = mapped_column(String(16))
    product_group_id: Mapped[int | None] = mapped_column(ForeignKey("product_group.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    first_minutes: Mapped[int | None]
    next_minutes: Mapped[int | None]
    solution_minutes: Mapped[int | None]
    warn_percent: Mapped[int] = mapped_column(default=WARN_PERCENT)
    pause_for_third_party: Mapped[bool] = mapped_column(default=False)  # clocks stand while one has to act, too
    active: Mapped[bool] = mapped_column(default=True)

    product_group: Mapped[ProductGroup | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def specificity(self) -> int:
        """An organisation counts more than a product group, that more than a priority."""
        return 4 * bool(self.organisation_id) + 2 * bool(self.product_group_id) + bool(self.priority)

    def minutes(self, kind: TermKind) -> int | None:
        """What is promised of that kind; none where nothing is."""
        return {
            TermKind.FIRST: self.first_minutes,
            TermKind.NEXT: self.next_minutes,
            TermKind.SOLUTION: self.solution_minutes,
        }[kind]

    def __str__(self) -> str:
        return self.name


class Term(Model):
    """A promise of one ticket, as it was made: the level's name and minutes are frozen in it."""

    __tablename__ = "term"
    __table_args__ = (Index(None, "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(80))
    minutes: Mapped[int]
    warn_percent: Mapped[int] = mapped_column(default=WARN_PERCENT)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # none while the clock stands, or when it was dropped
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # in time or too late
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # nothing is owed any more

    ticket: Mapped[Ticket] = relationship(back_populates="terms")

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.dropped_at is None

    def is_late(self, now: datetime) -> bool:
        """Whether it was kept too late, or is overdue now."""
        return self.due_at is not None and (self.met_at or now) > self.due_at


class Pause(Model):
    """The clocks of a ticket's terms stand, because somebody else has to act, or it is finished."""

    __tablename__ = "pause"
    __table_args__ = (Index(None, "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    kind: Mapped[str | None] = mapped_column(String(32))  # of the state that it stands for
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ticket: Mapped[Ticket] = relationship(back_populates="pauses")
