"""Who is asking: the signed-in account, by cookie, token or key, and its standing."""

from __future__ import annotations

from flask import g

from app import caller
from app.access import Standing, standing_of
from app.extensions import appbuilder, db
from app.models.account import Account


def account() -> Account:
    """The signed-in account. Only for pages that require one."""
    person = caller.acting()
    if person is None:
        raise RuntimeError("Nobody is signed in, and the door did not ask.")
    return person


def standing() -> Standing:
    """The account's standing, read once a request."""
    if "standing" not in g:
        g.standing = standing_of(db.session(), account())
    return g.standing


def is_signed_in() -> bool:
    """Whether this browser is signed in; a token opens no pages."""
    return caller.browser_account() is not None


def may(permission: str, view: str) -> bool:
    """Whether one of the signed-in account's roles grants the permission on the view."""
    person = caller.browser_account()
    return person is not None and bool(appbuilder.sm.roles_permit(person.roles, permission, view))


def is_permitted(permission: str, view: str) -> bool:
    """The same by whatever way the account came in: what a page does not let him do, the API does not either."""
    return bool(appbuilder.sm.roles_permit(account().roles, permission, view))
