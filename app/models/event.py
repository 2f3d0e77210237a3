"""What happened, what must follow from it, and the letters that went out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model, adopt
from app.models.entry import Entry
from app.models.invitation import Invitation, LetterRequest
from app.models.tables import outbox
from app.models.types import Json, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.account import Account
    from app.models.held_answer import HeldAnswer
    from app.models.hook import HookDelivery
    from app.models.ticket import Message, Ticket


class Event(Model):
    """One thing that happened: the ticket's history and the source of every notice."""

    __tablename__ = "event"
    __table_args__ = tuple(
        Index(None, column, "id") for column in ("ticket_id", "message_id", "actor_id", "kind", "created_at")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    ticket: Mapped[Ticket | None] = relationship(back_populates="events")
    message: Mapped[Message | None] = relationship()
    actor: Mapped[Account | None] = relationship()


class OutboxItem(Model):
    """One effect that is still owed to the outside world."""

    __table__ = adopt(outbox)

    id: Mapped[int]
    queue: Mapped[str]
    reaction: Mapped[str]
    event_id: Mapped[int | None]
    letter_id: Mapped[int | None]
    request_id: Mapped[int | None]
    entry_id: Mapped[int | None]
    delivery_id: Mapped[int | None]
    held_id: Mapped[int | None]
    due_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    attempts: Mapped[int]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]

    event: Mapped[Event | None] = relationship()
    delivery: Mapped[HookDelivery | None] = relationship()
    letter: Mapped[Letter | None] = relationship()
    request: Mapped[LetterRequest | None] = relationship()
    entry: Mapped[Entry | None] = relationship()
    held: Mapped[HeldAnswer | None] = relationship()


WAITING, SENT, FAILED, SUPPRESSED = "waiting", "sent", "failed", "suppressed"


class Letter(Model):
    """A letter to one reader and how its sending went. Its text is composed when it is sent."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("event_id", "account_id", "template"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(40))  # why this reader hears of it
    message_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[dict[str, Any] | None] = mapped_column(Json)  # a person's words, and the letter that they answer

    event: Mapped[Event | None] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    account: Mapped[Account] = relationship()
    invitation: Mapped[Invitation | None] = relationship()
