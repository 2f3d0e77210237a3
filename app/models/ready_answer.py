"""Answers that are kept ready."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.product_group import ProductGroup


class ReadyAnswer(Model):
    """Words for an answer, with values of the ticket in them; of one product group, or of all."""

    __tablename__ = "ready_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    text: Mapped[str] = mapped_column(Text)
    product_group_id: Mapped[int | None] = mapped_column(ForeignKey("product_group.id", ondelete="CASCADE"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    product_group: Mapped[ProductGroup | None] = relationship()

    def __str__(self) -> str:
        return self.name
