"""How tickets belong together."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.ticket import Ticket
from app.models.types import UtcDateTime, utc_now


class LinkKind(StrEnum):
    """What the first ticket is to the second."""

    DUPLICATE = "duplicate"  # it reports the same
    CAUSE = "caused_by"
    PARENT = "parent"  # the second is its parent
    FOLLOWS = "follows"  # it goes on where the second was closed long ago
    SPLIT = "split"  # it was a message of the second
    FORWARDED = "forwarded"  # its letter was forwarded from the second's conversation
    MERGED = "merged"  # its conversation goes on in the second


class TicketLink(Model):
    """One ticket's relation to another."""

    __tablename__ = "ticket_link"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    to_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    from_ticket: Mapped[Ticket] = relationship(foreign_keys=[from_id])
    to_ticket: Mapped[Ticket] = relationship(foreign_keys=[to_id])
