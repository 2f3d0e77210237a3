"""Browsers in which somebody has signed in before. A signed cookie tells them apart from strangers.

The cookie opens nothing: it only lets its browser try on while strangers who guess passwords must wait
(OWASP, Slow Down Online Guessing Attacks with Device Cookies).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, Response, after_this_request, current_app, request
from flask_security import user_authenticated
from itsdangerous import BadData, URLSafeSerializer

from app.accounts.addresses import canonical
from app.models.account import Account

LIFE = timedelta(days=365)
MOST_ACCOUNTS = 5  # that one browser is remembered for, the last ones


def init_app(app: Flask) -> None:
    """Remember browsers for as long as the application lives."""
    user_authenticated.connect(_signed_in, app)


def known_as(address: str) -> str | None:
    """What this browser is called for that account; None where nobody has signed in to it here."""
    return _read().get(_tag(address))


def remember(address: str) -> None:
    """This browser belongs to whoever has that account: it signed in, or set a password by letter."""
    kept, tag = _read(), _tag(address)
    name = kept.pop(tag, None) or secrets.token_urlsafe(16)
    newest = dict([*kept.items(), (tag, name)][-MOST_ACCOUNTS:])

    @after_this_request
    def keep(response: Response) -> Response:
        config = current_app.config
        response.set_cookie(
            _name(),
            str(_signer().dumps(newest)),
            max_age=LIFE,
            secure=config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _signed_in(_app: Flask, user: Account, **_rest: Any) -> None:
    remember(user.email)


def _read() -> dict[str, str]:
    try:
        kept = _signer().loads(request.cookies.get(_name(), ""))
    except BadData:
        return {}
    return kept if isinstance(kept, dict) else {}


def _tag(address: str) -> str:
    """What stands for the account in the cookie, which tells nobody its address."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"device {canonical(address)}".encode(), hashlib.sha256).hexdigest()[:16]


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}_device"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="device")
