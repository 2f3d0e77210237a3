"""Letters as they arrived, before anything understood them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model, adopt
from app.models.mailbox import Mailbox
from app.models.tables import journal

if TYPE_CHECKING:
    from app.models.ticket import Ticket


FORM = "form"  # the transport of what was typed into a form: it has no header that a program wrote


class Outcome(StrEnum):
    """How a journal row ended; `waiting` while nobody has read it."""

    WAITING = "waiting"
    TICKET = "ticket"
    MESSAGE = "message"
    AUTOMATIC = "automatic"
    NOT_SURE = "not_sure"
    REJECTED = "rejected"


class JournalEntry(Model):
    """One letter given to one mailbox."""

    __table__ = adopt(journal)

    id: Mapped[int]
    mailbox_id: Mapped[int | None]
    transport: Mapped[str]
    recipient: Mapped[str]
    envelope_from: Mapped[str | None]
    peer: Mapped[str | None]
    sha256: Mapped[str]
    size: Mapped[int]
    arrived_at: Mapped[datetime]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    message_id: Mapped[str | None]
    body_sha256: Mapped[str | None]
    sender: Mapped[str | None]
    subject: Mapped[str | None]
    kind: Mapped[str | None]
    evidence: Mapped[list[dict[str, Any]] | None]
    proof: Mapped[dict[str, Any] | None]
    fields: Mapped[dict[str, Any] | None]
    ticket_id: Mapped[int | None]
    attempts: Mapped[int]
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    mailbox: Mapped[Mailbox | None] = relationship()
    ticket: Mapped[Ticket | None] = relationship()


class Answered(Model):
    """A letter that a filed letter answers, by its hash: the next one that answers the same is its sibling."""

    __tablename__ = "answered"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id", ondelete="CASCADE"), primary_key=True, index=True)
