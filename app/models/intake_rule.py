"""What the desk wants done with letters of a certain look, before their ticket is looked for."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.mailbox import Mailbox
from app.models.product_group import ProductGroup


class RuleAct(StrEnum):
    """The first three decide what becomes of a letter; the others say what a new ticket is like."""

    REJECT = "reject"
    AUTOMATIC = "automatic"
    NOT_SURE = "not_sure"
    GROUP = "group"
    PRIORITY = "priority"
    TAG = "tag"


DECIDING = frozenset({RuleAct.REJECT, RuleAct.AUTOMATIC, RuleAct.NOT_SURE})


class IntakeRule(Model):
    """All conditions that are given must hold; an empty one is none."""

    __tablename__ = "intake_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    mailbox_id: Mapped[int | None] = mapped_column(ForeignKey("mailbox.id"))
    sender: Mapped[str] = mapped_column(String(320), default="")  # how the address ends: a whole one, or @domain
    subject: Mapped[str] = mapped_column(String(200), default="")  # words in it
    header: Mapped[str] = mapped_column(String(80), default="")  # its name
    holds: Mapped[str] = mapped_column(String(200), default="")  # words in that header; none: it is there
    larger_than: Mapped[int | None]  # KiB
    act: Mapped[str] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(String(200), default="")  # the reason that people read, or the tag
    product_group_id: Mapped[int | None] = mapped_column(ForeignKey("product_group.id"))
    priority: Mapped[str] = mapped_column(String(16), default="")

    mailbox: Mapped[Mailbox | None] = relationship()
    product_group: Mapped[ProductGroup | None] = relationship()

    def __str__(self) -> str:
        return self.name
