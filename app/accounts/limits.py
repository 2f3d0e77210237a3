"""How often somebody may try: guessing passwords and sending letters to others is slowed down (attack case O31)."""

from __future__ import annotations

import hashlib
import ipaddress
import time
from typing import Any

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from redis.exceptions import RedisError
from werkzeug.exceptions import TooManyRequests

from app.extensions import appbuilder

LETTERS = "10 per minute; 60 per hour"
LETTER_DOORS = ("security.register", "security.forgot_password", "security.send_confirmation")
CALLS = parse("1200 per minute")  # of one API key
WRONG_KEYS = parse("30 per minute")  # from one address
ONCE = parse("1 per 10 minutes")
MEANWHILE = FixedWindowRateLimiter(MemoryStorage())
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
    for door in LETTER_DOORS:
        decorate = limiter.limit(LETTERS, methods=["POST"], exempt_when=_is_unlimited, key_func=_address)
        guarded: Any = decorate(app.view_functions[door])
        app.view_functions[door] = guarded


def may_hurry() -> bool:
    """Whether this address may once more send a form faster than a person reads it."""
    return _is_unlimited() or hit(HURRY, f"hurry {_address()}")


def may(limit: RateLimitItem, name: str) -> bool:
    """Whether this is within the limit, counted once more."""
    return _is_unlimited() or hit(limit, name)


def here() -> str:
    """The network that the request comes from."""
    return _address()


def is_first(what: str) -> bool:
    """Whether this has not been seen within the last minutes: nothing is good twice."""
    return _is_unlimited() or hit(ONCE, f"once {hashlib.sha256(what.encode()).hexdigest()}")


def count_call(key_id: int) -> None:
    """Count a request with an API key. Raises TooManyRequests."""
    if not (_is_unlimited() or hit(CALLS, f"call {key_id}")):
        raise too_many(CALLS, f"call {key_id}")


def count_guess() -> None:
    """Count a wrong API key against its address."""
    if not _is_unlimited():
        hit(WRONG_KEYS, f"wrong key {_address()}")


def refuse_guessing() -> None:
    """Raises TooManyRequests for an address that has tried many wrong API keys."""
    if not (_is_unlimited() or is_left(WRONG_KEYS, f"wrong key {_address()}")):
        raise too_many(WRONG_KEYS, f"wrong key {_address()}")


def hit(limit: RateLimitItem, name: str) -> bool:
    """Count once more; whether that was within the limit."""
    return bool(_ask("hit", limit, name))


def is_left(limit: RateLimitItem, name: str) -> bool:
    """Whether one more would be within the limit."""
    return bool(_ask("test", limit, name))


def forget(limit: RateLimitItem, name: str) -> None:
    """Begin to count anew."""
    _ask("clear", limit, name)


def too_many(limit: RateLimitItem, name: str) -> TooManyRequests:
    """The refusal, which says when to come again."""
    reset_at = _ask("get_window_stats", limit, name).reset_time
    return TooManyRequests(retry_after=max(1, round(reset_at - time.time())))


def network(address: str, of_4: int, of_6: int) -> str:
    """The network that an address lies in, by so many of its first bits; whoever has one IPv6 address has many."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, of_4 if found.version == 4 else of_6), strict=False))


def _address() -> str:
    """Where a request comes from: the client's own address, or what a proxy of ours says of it."""
    return network(request.remote_addr or "", 32, 64)


def _ask(question: str, limit: RateLimitItem, name: str) -> Any:
    """Ask Valkey, or this process alone while Valkey is away."""
    strategy: RateLimiter = appbuilder.sm.limiter.limiter
    try:
        return getattr(strategy, question)(limit, name)
    except RedisError:
        return getattr(MEANWHILE, question)(limit, name)


def _is_unlimited() -> bool:
    return bool(current_app.config["ATTEMPTS_UNLIMITED"])
