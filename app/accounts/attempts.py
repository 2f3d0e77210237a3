"""Tries to sign in. Failed ones are counted, so that guessing is slow and nobody is kept out by the guesses of others
(attack case O31).

- A browser in which the account's owner signed in before has a budget of its own, whatever strangers do.
- Strangers have one for each account and place that they come from, and one for their address.
- When strangers from many places try one account, each place has one try left instead of ten: whoever knows the
  password still comes in from anywhere.

Everything is counted by what was typed, so known and unknown addresses meet the same limits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from flask import Flask, Response, current_app, make_response, request, session
from flask.typing import ResponseReturnValue
from limits import RateLimitItem, parse

from app import caller
from app.accounts import devices, limits
from app.accounts.addresses import canonical
from app.accounts.audited import note_failed
from app.models.account import Account

STEADY = parse("10 per 15 minutes")
OF_AN_ADDRESS = (parse("20 per minute"), parse("200 per hour"))
ATTACKED = parse("50 per 15 minutes")  # by strangers, from wherever
ONE_MORE = parse("1 per 15 minutes")
SECOND_STEP = "second step"  # before the stamp of whoever gave the password

Budget: TypeAlias = tuple[RateLimitItem, str]
View: TypeAlias = Callable[..., Any]


def init_app(app: Flask) -> None:
    """Stand before the doors. Must come when their views are registered."""
    for door, who in DOORS.items():
        app.view_functions[door] = _guarded(app.view_functions[door], who)


def is_right(account: Account, code: Callable[[], bool]) -> bool:
    """Whether a program's code of the second step is right: counted as one typed into a browser is, since guessing by
    both doors is guessing one secret. Raises TooManyRequests."""
    if current_app.config["ATTEMPTS_UNLIMITED"]:
        return code()
    name = f"{SECOND_STEP} {account.fs_uniquifier}"
    _refuse_too_many(name)
    right = code()
    _count(name, failed=not right)
    return right


def _guarded(view: View, who: Callable[[], str]) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if request.method != "POST" or current_app.config["ATTEMPTS_UNLIMITED"]:
            return view(*args, **kwargs)
        name = who()
        _refuse_too_many(name)
        response = make_response(view(*args, **kwargs))
        _count(name, failed=_failed(response))
        return response

    return guarded


def _count(name: str, *, failed: bool) -> None:
    """A failure uses all budgets up; who has come in begins his own anew."""
    for budget in (*_must(name), *_when_attacked(name)):
        if failed:
            limits.hit(*budget)
        elif budget[0] is STEADY:
            limits.forget(*budget)


def _refuse_too_many(name: str) -> None:
    """Raises TooManyRequests, and writes it down once in a while."""
    spent = [budget for budget in _must(name) if not limits.is_left(*budget)]
    if not spent and all(not limits.is_left(*budget) for budget in _when_attacked(name)):
        spent = _when_attacked(name)
    if not spent:
        return
    if limits.is_first(f"held up {name} {request.remote_addr}"):
        note_failed(name, "too many")
    raise limits.too_many(*max(spent, key=lambda budget: budget[0].get_expiry()))


def _must(name: str) -> list[Budget]:
    """The budgets of which each must have a try left."""
    known = devices.known_as(name)
    if known is not None:
        return [(STEADY, f"device {known}")]
    address = request.remote_addr or ""
    return [
        *((item, f"address {limits.network(address, 32, 64)}") for item in OF_AN_ADDRESS),
        (STEADY, _place(name)),
    ]


def _when_attacked(name: str) -> list[Budget]:
    """The budgets of which one must have a try left; none for a known browser."""
    if devices.known_as(name) is not None:
        return []
    return [(ATTACKED, f"account {_digest(name)}"), (ONE_MORE, _place(name))]


def _place(name: str) -> str:
    """The account and the neighbourhood that somebody comes from."""
    return f"place {_digest(name)} {limits.network(request.remote_addr or '', 24, 48)}"


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _failed(response: Response) -> bool:
    """Signing in leads on by a redirect, or answers a program with a token."""
    return not (300 <= response.status_code < 400 or (response.is_json and response.status_code == 200))


def _typed() -> str:
    body = request.get_json(silent=True) if request.is_json else None
    typed = (body.get("username") or body.get("email")) if isinstance(body, dict) else request.form.get("email")
    return canonical(str(typed or "").encode("utf-8", "replace").decode())[:320]  # JSON may hold halves of signs


def _signed_in() -> str:
    """Whoever confirms that it is he: guessing in a browser that was left open is guessing too."""
    account = caller.browser_account()
    return account.email if account else ""


def _between_the_steps() -> str:
    """Whoever gave the password. Only he can use up this budget."""
    return f"{SECOND_STEP} {session.get('tf_user_id', '')}"


DOORS: dict[str, Callable[[], str]] = {
    "security.login": _typed,
    "SecurityApi.login": _typed,
    "security.verify": _signed_in,
    "security.change_password": _signed_in,
    "security.two_factor_token_validation": _between_the_steps,
    "security.mf_recovery": _between_the_steps,
}
