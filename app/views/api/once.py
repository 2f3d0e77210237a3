"""A change by API: whole or not at all, and once however often it is sent with the same Idempotency-Key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, request
from flask_babel import gettext as _

from app.events.transaction import transaction
from app.models.answer import KeptAnswer
from app.views import visitor
from app.views.api.refusals import Malformed, Unfit
from app.views.once import claimed

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
Answer = dict[str, Any]


def changed(status: int, perform: Callable[[], Answer]) -> Response:
    """Perform in one transaction and answer what it says."""
    with transaction():
        text = current_app.json.dumps(perform())
    return _response(status, text)


def changed_once(status: int, said: Any, perform: Callable[[], Answer]) -> Response:
    """The same, but a key that came before with the same request (`said`: its body) gets the same answer again.

    Who comes while the first is being performed waits for it. A refusal is not kept: nothing was done.
    """
    key = _key()
    if key is None:
        return changed(status, perform)
    with transaction():
        kept, is_new = _kept(key, _fingerprint(said))
        if is_new:
            kept.status, kept.body = status, current_app.json.dumps(perform())
        return _response(kept.status, kept.body)


def _key() -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not (key.isascii() and key.isprintable() and 0 < len(key) <= LONGEST_KEY):
        raise Malformed(_("The header %(name)s has 1 to %(limit)s visible characters.", name=HEADER, limit=LONGEST_KEY))
    return key


def _fingerprint(said: Any) -> str:
    """What makes two requests the same: the route and what the body says, not how it is spaced."""
    text = json.dumps([request.method, request.path, said], sort_keys=True, default=_digest)
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _kept(key: str, fingerprint: str) -> tuple[KeptAnswer, bool]:
    """The row of this account's key, and whether it was made now. Raises Unfit when it belongs to another request."""
    row, is_new = claimed(visitor.account().id, key, fingerprint)
    if row.fingerprint != fingerprint:
        raise Unfit({HEADER: _("This key was sent with another request before.")})
    return row, is_new


def _response(status: int, text: str) -> Response:
    return current_app.response_class(text, status, mimetype="application/json")
