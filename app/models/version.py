"""Earlier versions of what people edit: calendars, letter templates, entries, catalogs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import Json, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.account import Account


class Version(Model):
    """What something was from one saving to the next; never changed, never removed."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("kind", "key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))  # calendar, ...
    key: Mapped[str] = mapped_column(String(120))  # which of that kind
    number: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    account: Mapped[Account | None] = relationship()
