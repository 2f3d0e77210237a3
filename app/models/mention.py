"""Who was spoken to in an internal note, and whether he has seen it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model
from app.models.types import UtcDateTime


class Mention(Model):
    """One consultant in one note. The note's words stay as they are when it is gone."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("message_id", "account_id"), Index(None, "account_id", "seen_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
