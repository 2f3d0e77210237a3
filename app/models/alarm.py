"""What will happen to a ticket by itself, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.ticket import Ticket
from app.models.types import UtcDateTime


class Alarm(Model):
    """At that time the rule of this kind looks at the ticket; then the row goes."""

    __tablename__ = "alarm"
    __table_args__ = (Index(None, "due_at", "id"), Index(None, "ticket_id", "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(24))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)

    ticket: Mapped[Ticket] = relationship()
