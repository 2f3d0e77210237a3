"""What the API delivers of a published text: the ready document."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import UtcDateTime

if TYPE_CHECKING:
    from app.models.entry import PublishedText


class Delivered(Model):
    """One published text as JSON, made with everything else that is published (app/content/documents.py).

    By the other columns lists find it without a look at what it was made of.
    """

    __tablename__ = "delivered"
    __table_args__ = (
        Index(None, "type_code", "published_at", "variant_id"),
        Index(None, "type_code", "first_published_at", "variant_id"),
    )

    variant_id: Mapped[int] = mapped_column(
        ForeignKey("published_text.variant_id", ondelete="CASCADE"), primary_key=True
    )
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    type_code: Mapped[str] = mapped_column(ForeignKey("content_type.code"))
    language: Mapped[str] = mapped_column(String(8))
    stands_in: Mapped[bool]  # for the languages in which the entry is not published
    slug: Mapped[str] = mapped_column(String(120))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[str] = mapped_column(Text)  # JSON
    etag: Mapped[str] = mapped_column(String(64))  # of the document

    text: Mapped[PublishedText] = relationship(back_populates="delivered")

    @property
    def told(self) -> dict[str, Any]:
        """The document, read."""
        read: dict[str, Any] = json.loads(self.document)
        return read
