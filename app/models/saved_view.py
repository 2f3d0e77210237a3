"""Lists of tickets that somebody keeps under a name."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Model
from app.models.product_group import ProductGroup


class SharedWith(StrEnum):
    """Who may open a view besides its owner."""

    NOBODY = "nobody"
    GROUP = "group"  # who sees the tickets of its product group
    DESK = "desk"  # everybody at the desk


class SavedView(Model):
    """A name for what an address of the ticket list asks for. It shows each reader what he may see himself."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(  # none: it came from another desk, and administrators look after it
        ForeignKey("ab_user.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)  # filters, order, columns and grouping, as they stand in the address
    shared_with: Mapped[str] = mapped_column(String(8), default=SharedWith.NOBODY)
    product_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("product_group.id", ondelete="SET NULL"), index=True
    )

    owner: Mapped[Account | None] = relationship()
    product_group: Mapped[ProductGroup | None] = relationship()

    def __str__(self) -> str:
        return self.name
