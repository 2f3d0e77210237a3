"""Addresses that take letters (S5)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped, relationship

from app.models.base import Model, adopt
from app.models.tables import mailbox

if TYPE_CHECKING:
    from app.models.product_group import ProductGroup


class Mailbox(Model):
    """A product group's own address."""

    __table__ = adopt(mailbox)

    id: Mapped[int]
    address: Mapped[str]
    name: Mapped[str]
    product_group_id: Mapped[int]
    active: Mapped[bool]
    verified_by: Mapped[str | None]  # the name under which our mail server tells who wrote a letter
    trusts_marks: Mapped[bool]  # a consultant speaks by the mark of his own copy alone, where nothing refutes him
    quiet_minutes: Mapped[int | None]  # of silence, after which administrators are warned
    silence_told_at: Mapped[datetime | None]
    product_group: Mapped[ProductGroup] = relationship(back_populates="mailboxes")

    def __str__(self) -> str:
        return self.address
