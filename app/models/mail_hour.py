"""What became of the letters of an hour, counted once: a balance of weeks reads a few rows instead of all letters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model
from app.models.types import Json, UtcDateTime


class MailHour(Model):
    """One mailbox's letters of one hour. The row of no mailbox (0) is always there: the hour is counted."""

    __tablename__ = "mail_hour"

    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)  # its beginning
    mailbox: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ends: Mapped[dict[str, int]] = mapped_column(Json)  # letters by their outcome
    twice: Mapped[int]
    lost: Mapped[list[int]] = mapped_column(Json)  # rows of the journal that are shown nowhere
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
