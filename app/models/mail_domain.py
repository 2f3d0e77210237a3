"""Which mail domains may register: what the desk itself says of some, over the packaged lists."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model
from app.models.types import UtcDateTime, utc_now


class MailDomain(Model):
    """A rule of the desk's own about a mail domain and all below it."""

    __tablename__ = "mail_domain"

    id: Mapped[int] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(255), unique=True)  # as DNS knows it, in lower case
    allowed: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    def __str__(self) -> str:
        return self.domain
