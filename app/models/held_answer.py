"""Answers that were sent and have not left yet: their writers can still take them back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Model
from app.models.ticket import Ticket
from app.models.types import Json, UtcDateTime


class HeldAnswer(Model):
    """A consultant's answer before it is a message. Only the desk's page of its ticket knows of it."""

    __tablename__ = "held_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    files: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # as app/desk/content.StoredFile
    moves_to: Mapped[str | None] = mapped_column(String(32))  # the state that the ticket goes to
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when it counts as given
    leaves_at: Mapped[datetime] = mapped_column(UtcDateTime)

    ticket: Mapped[Ticket] = relationship()
    account: Mapped[Account] = relationship()
