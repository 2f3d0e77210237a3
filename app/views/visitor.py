"""Who is asking: the signed-in account, by cookie or token, and its standing."""

from __future__ import annotations

from flask import g
from flask_jwt_extended import current_user as token_user
from flask_login import current_user

from app.access import Standing, standing_of
from app.extensions import appbuilder, db
from app.models.account import Account


def account() -> Account:
    """The signed-in account. Only for pages that require one."""
    return _signed_in() or token_user._get_current_object()  # a werkzeug proxy


def standing() -> Standing:
    """The account's standing, read once a request."""
    if "standing" not in g:
        g.standing = standing_of(db.session(), account())
    return g.standing


def is_signed_in() -> bool:
    return _signed_in() is not None


def may(permission: str, view: str) -> bool:
    """Whether one of the signed-in account's roles grants the permission on the view."""
    person = _signed_in()
    if person is None:
        return False
    role_ids = [role.id for role in person.roles]
    return bool(appbuilder.sm.exist_permission_on_roles(view, permission, role_ids))


def _signed_in() -> Account | None:
    """The account of this browser. One look through Flask-Login's proxy, since a page asks some twenty times."""
    person = current_user._get_current_object()
    return person if person is not None and person.is_authenticated else None
