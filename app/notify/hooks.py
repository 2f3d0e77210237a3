"""Tells hooks what happened: signed, dated, and by an id that stays the same however often it is sent.

The headers are those of Standard Webhooks (https://www.standardwebhooks.com). What is told is thin: which ticket or
entry, and what happened; the rest is read by API, within the reader's rights. Deliveries go out in the order of what
happened; one that failed is tried again later and holds up no other, so `sequence` tells which of two is the newer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.events.outbox import Item, NotBegun, Permanent
from app.events.record import owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account, Role
from app.models.event import Event
from app.models.hook import Hook, HookDelivery
from app.models.types import utc_now
from app.notify.outside import Unanswered, Unsafe, post
from app.sealed import Unreadable, seal, unseal

PREFIX = "whsec_"
OVERLAP = timedelta(days=1)  # in which receivers change from the old secret to the new one
PATIENCE = timedelta(hours=24)  # of nothing but failures, before a hook is paused
WAIT = timedelta(minutes=10)  # until a paused hook is looked at again
TURN_SECONDS = 40.0  # within the lease of the outbox
LONGEST_ERROR = 500
GONE = 410
log = logging.getLogger(__name__)


class Refused(Exception):
    """The hook did not take it; it is sent again."""


def perform(items: list[Item]) -> Mapping[int, Exception | None]:
    """Send what is owed to hooks, in the order of what happened."""
    end = time.monotonic() + TURN_SECONDS
    return {item.id: _sent(item) if time.monotonic() < end else NotBegun("no time left") for item in items}


def _sent(item: Item) -> Exception | None:
    query = select(HookDelivery).where(HookDelivery.id == item.delivery_id)
    eager = joinedload(HookDelivery.event)
    delivery = db.session.scalars(query.options(joinedload(HookDelivery.hook), eager.joinedload(Event.ticket))).one()
    hook = delivery.hook
    if hook.paused_at is not None or not hook.active:
        return NotBegun("the hook rests", until=utc_now() + WAIT)
    status, error = _attempt(hook, delivery)
    with transaction():
        _note(delivery, status, error, utc_now())
    if error is None:
        return None
    return Permanent(error) if status == GONE else Refused(error)


def _attempt(hook: Hook, delivery: HookDelivery) -> tuple[int | None, str | None]:
    """The status of the answer, and what was wrong with it."""
    settings = current_app.extensions["settings"]
    body = body_of(delivery)
    db.session.rollback()  # No transaction is open while the other side answers.
    try:
        headers = signed(hook, delivery.key, body, now=utc_now(), key=settings.secret_key)
        status = post(hook.url, body, headers, loopback=settings.hooks_to_loopback)
    except (Unsafe, Unreadable) as error:
        return None, f"{type(error).__name__}: {error}"
    except Unanswered as error:
        return None, str(error)
    return status, None if 200 <= status < 300 else f"HTTP {status}"


def _note(delivery: HookDelivery, status: int | None, error: str | None, now: datetime) -> None:
    """Keep how it went, and pause a hook that has taken nothing for long."""
    hook = delivery.hook
    delivery.attempts += 1
    delivery.tried_at, delivery.status, delivery.error = now, status, error[:LONGEST_ERROR] if error else None
    if error is None:
        delivery.delivered_at, hook.failing_since = now, None
        return
    hook.failing_since = hook.failing_since or now
    if status == GONE or now - hook.failing_since >= PATIENCE:
        hook.paused_at = now
        log.error("Hook %s is paused: it has taken nothing since %s.", hook.name, hook.failing_since.isoformat())
        administrators = select(Account).where(Account.active, Account.roles.any(Role.kind == "administrator"))
        for account in db.session.scalars(administrators):
            owe_letter("hook_paused", account=account, reason="account")


def body_of(delivery: HookDelivery) -> bytes:
    """What the hook is told, byte for byte the same each time."""
    data: dict[str, Any] = dict(delivery.data)
    event = delivery.event
    if event is not None and event.ticket is not None:
        data["ticket"] = {"id": event.ticket.id, "number": event.ticket.number}
        data["event"] = {"id": event.id, "kind": event.kind}
        data["message"] = event.message_id
    told = {"type": delivery.kind, "timestamp": delivery.created_at.isoformat(), "sequence": delivery.id, "data": data}
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def signed(hook: Hook, key_of_delivery: str, body: bytes, *, now: datetime, key: str) -> dict[str, str]:
    """The headers: id, time and a signature by each good secret. Raises Unreadable."""
    stamp = str(int(now.timestamp()))
    sealed = [hook.secret]
    if hook.old_secret is not None and hook.old_until is not None and hook.old_until > now:
        sealed.append(hook.old_secret)
    content = f"{key_of_delivery}.{stamp}.".encode() + body
    return {
        "Content-Type": "application/json",
        "User-Agent": "Bilety",
        "webhook-id": key_of_delivery,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(_signature(unseal(each, key), content) for each in sealed),
    }


def new_secret() -> str:
    """A secret as receivers know it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def rotate(hook: Hook, *, key: str) -> str:
    """A new secret; for a day both sign."""
    secret = new_secret()
    hook.old_secret, hook.old_until = hook.secret, utc_now() + OVERLAP
    hook.secret = seal(secret, key)
    return secret


def resume(hook: Hook) -> None:
    """Go on with a paused hook: what waits is sent."""
    hook.paused_at = hook.failing_since = None


def _signature(secret: str, content: bytes) -> str:
    raw = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(raw, content, hashlib.sha256).digest()).decode()
