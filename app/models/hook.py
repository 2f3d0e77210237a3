"""Hooks: addresses of other systems that hear of what happens, and what each was told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import Json, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.event import Event


class HookEvent(StrEnum):
    """What a hook may ask to hear of."""

    TICKET_CREATED = "ticket.created"
    TICKET_CHANGED = "ticket.changed"
    MESSAGE_CREATED = "message.created"
    ENTRY_PUBLISHED = "entry.published"
    ENTRY_WITHDRAWN = "entry.withdrawn"
    ENTRY_CHANGED = "entry.changed"


class Hook(Model):
    """An address that is told of some events, and the sealed secret that signs what it is told."""

    __tablename__ = "hook"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(Json)
    active: Mapped[bool] = mapped_column(default=True)
    secret: Mapped[str] = mapped_column(Text)  # app/sealed.py
    old_secret: Mapped[str | None] = mapped_column(Text)  # signs beside it until `old_until`
    old_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # after lasting failure, until somebody resumes it
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class HookDelivery(Model):
    """One event that one hook is told of, and how that went. `key` is the same however often it is sent."""

    __tablename__ = "hook_delivery"
    __table_args__ = (Index(None, "hook_id", "id"), Index(None, "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    hook_id: Mapped[int] = mapped_column(ForeignKey("hook.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # of an entry
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None]  # of the last answer
    error: Mapped[str | None] = mapped_column(Text)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    hook: Mapped[Hook] = relationship()
    event: Mapped[Event | None] = relationship()
