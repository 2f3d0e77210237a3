"""How often somebody may try: guessing passwords and sending letters to others is slowed down (attack case O31)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from limits.strategies import RateLimiter
from redis.exceptions import RedisError
from werkzeug.exceptions import TooManyRequests

from app.extensions import appbuilder

# Failed attempts only, so that an office behind one address can still sign in.
SIGN_IN = "20 per minute; 200 per hour"
SAME_ACCOUNT = "50 per 15 minutes"
LETTERS = "10 per minute; 60 per hour"
SIGN_IN_DOORS = ("security.login", "security.verify", "SecurityApi.login")
LETTER_DOORS = ("security.register", "security.forgot_password", "security.send_confirmation")
CALLS = parse("1200 per minute")  # of one API key
WRONG_KEYS = parse("30 per minute")  # from one address
ONCE = parse("1 per 10 minutes")
HURRY = parse("10 per hour")  # Forms sent faster than a person reads; a few, as programs fill in for people too.


def limits_config(redis_url: str) -> dict[str, Any]:
    """Flask-Limiter counts in Valkey, or in this process alone while Valkey is away."""
    return {
        "RATELIMIT_ENABLED": True,
        "RATELIMIT_STORAGE_URI": f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url,
        "RATELIMIT_STORAGE_OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        "RATELIMIT_KEY_PREFIX": "bilety:limit",
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_SWALLOW_ERRORS": True,
        "ATTEMPTS_UNLIMITED": False,
    }


def init_app(app: Flask, limiter: Limiter) -> None:
    """Put the limits before the doors. Must come when their views are registered."""
    for door in SIGN_IN_DOORS:
        _limit(app, limiter, door, SIGN_IN, key_func=get_remote_address, deduct_when=_failed)
        _limit(app, limiter, door, SAME_ACCOUNT, key_func=_account_tried, deduct_when=_failed)
    for door in LETTER_DOORS:
        _limit(app, limiter, door, LETTERS, key_func=get_remote_address)


def may_hurry() -> bool:
    """Whether this address may once more send a form faster than a person reads it."""
    return _hit(HURRY, "hurry", get_remote_address())


def is_first(what: str) -> bool:
    """Whether this has not been seen within the last minutes: nothing is good twice."""
    return _hit(ONCE, "once", hashlib.sha256(what.encode()).hexdigest())


def count_call(key_id: int) -> None:
    """Count a request with an API key. Raises TooManyRequests."""
    if not _hit(CALLS, "call", str(key_id)):
        raise TooManyRequests


def count_guess() -> None:
    """Count a wrong API key against its address."""
    _hit(WRONG_KEYS, "wrong key", get_remote_address())


def refuse_guessing() -> None:
    """Raises TooManyRequests for an address that has tried many wrong API keys."""
    if not _ask(_strategy().test, WRONG_KEYS, "wrong key", get_remote_address()):
        raise TooManyRequests


def _hit(limit: RateLimitItem, *names: str) -> bool:
    """Count once more; whether that was within the limit."""
    return _ask(_strategy().hit, limit, *names)


def _ask(question: Callable[..., bool], limit: RateLimitItem, *names: str) -> bool:
    if _is_unlimited():
        return True
    try:
        return question(limit, *names)
    except RedisError:
        return True  # Without Valkey nobody counts, and nobody is kept out.


def _strategy() -> RateLimiter:
    strategy: RateLimiter = appbuilder.sm.limiter.limiter
    return strategy


def _limit(app: Flask, limiter: Limiter, door: str, limit: str, **options: Any) -> None:
    decorate = limiter.limit(limit, methods=["POST"], exempt_when=_is_unlimited, **options)
    guarded: Any = decorate(app.view_functions[door])
    app.view_functions[door] = guarded


def _is_unlimited() -> bool:
    return bool(current_app.config["ATTEMPTS_UNLIMITED"])


def _failed(response: Response) -> bool:
    """Signing in leads on by a redirect, or answers a program with a token."""
    return not (300 <= response.status_code < 400 or (response.is_json and response.status_code == 200))


def _account_tried() -> str:
    body = request.get_json(silent=True) if request.is_json else None
    typed = body.get("username") if isinstance(body, dict) else request.form.get("email")
    return f"account:{str(typed or '').strip().lower()[:200]}"
