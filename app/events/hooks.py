"""Which hooks hear of something: owed to each in the transaction in which it happened, sent by the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.events.transaction import read_once, wake_after_commit
from app.events.wake import SLOW
from app.extensions import db
from app.models.event import Event, OutboxItem
from app.models.hook import Hook, HookDelivery

HOOK = "hook"  # the reaction
ACTIVE = select(Hook).where(Hook.active)
HOOKS = "hooks"  # those that are active, kept by the session for one transaction


def tell(kind: str, *, event: Event | None = None, **data: Any) -> None:
    """Owe it to every hook that asked for it: a ticket's event, or what `data` says of an entry."""
    with db.session.no_autoflush:
        hooks: Sequence[Hook] = read_once(ACTIVE, HOOKS)
        for hook in hooks:
            if kind in hook.events:
                owe(HookDelivery(hook=hook, key=f"msg_{uuid4().hex}", kind=kind, event=event, data=data))


def owe(delivery: HookDelivery) -> None:
    """Send it, or send it again."""
    db.session.add(OutboxItem(queue=SLOW, reaction=HOOK, delivery=delivery))
    wake_after_commit(SLOW)
