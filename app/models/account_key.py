"""Keys by which programs come in on behalf of an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Model
from app.models.types import Json, UtcDateTime, utc_now

ASKED_WITHIN = timedelta(days=90)  # so long a key counts as asking for a field


class Scope(StrEnum):
    """What a key may do of all that its account may."""

    READ = "read"
    WRITE = "write"  # and read


class AccountKey(Model):
    """An API key. Only its hash is kept; `hint` is its beginning, by which its owner knows it again."""

    __tablename__ = "account_key"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(16))
    scope: Mapped[str] = mapped_column(String(16), default=Scope.READ)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    content_types: Mapped[list[str] | None] = mapped_column(Json)  # nothing but content of these; none: all it may
    old_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the text before, good for a while
    old_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_fields: Mapped[dict[str, str] | None] = mapped_column(Json)  # id of a field: the day it was last named
    last_address: Mapped[str | None] = mapped_column(String(64))  # of the network

    account: Mapped[Account] = relationship()

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= utc_now()
