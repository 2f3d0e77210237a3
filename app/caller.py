"""Who acts in this request, and how he came in: the one place that knows of cookies, tokens and keys alike."""

from __future__ import annotations

from enum import StrEnum

from flask import g, has_request_context
from flask_jwt_extended import current_user as token_user
from flask_login import current_user

from app.models.account import Account


class Via(StrEnum):
    """How somebody came in."""

    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105 a name
    KEY = "key"


def acting() -> Account | None:
    """The account that acts now; None for a stranger, a worker or a command."""
    return browser_account() or key_account() or token_account()


def via() -> str:
    """How the acting account came in; empty when nobody did."""
    if browser_account() is not None:
        return Via.BROWSER
    if key_account() is not None:
        return Via.KEY
    return Via.TOKEN if token_account() is not None else ""


def browser_account() -> Account | None:
    """The account of this browser's session."""
    # One look through Flask-Login's proxy, since a page asks some twenty times.
    person = current_user._get_current_object() if has_request_context() else None
    return person if person is not None and person.is_authenticated else None


def key_account() -> Account | None:
    """The account of the API key, once the door has looked at it."""
    if not has_request_context() or "account_key" not in g:
        return None
    account: Account = g.account_key.account
    return account


def token_account() -> Account | None:
    """The account of the token, once the door has looked at it."""
    if not has_request_context() or "_jwt_extended_jwt_user" not in g:
        return None
    account: Account | None = token_user._get_current_object()
    return account
