"""What somebody has begun to write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model
from app.models.types import Json, UtcDateTime, utc_now


class Draft(Model):
    """The words and files of one form, its writer's alone until he sends them."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("account_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(60))  # which form: answer:1001, note:1001, new:3
    words: Mapped[dict[str, str]] = mapped_column(Json)  # by the name of their field
    files: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # as app/desk/content.StoredFile
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
