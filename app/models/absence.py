"""When a consultant is away, and who stands in for him."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Model
from app.models.types import UtcDateTime


class Absence(Model):
    """The absence of an account, one at a time: from the first instant up to, not including, the last."""

    __tablename__ = "absence"

    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    account: Mapped[Account] = relationship(foreign_keys=account_id)
    substitute: Mapped[Account | None] = relationship(foreign_keys=substitute_id)

    @property
    def ends_within(self) -> datetime:
        """An instant of its last day."""
        return self.ends_at - timedelta(seconds=1)
