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
    person = current_user if current_user and current_user.is_authenticated else token_user
    return person._get_current_object()  # a werkzeug proxy


def standing() -> Standing:
    """The account's standing, read once a request."""
    if "standing" not in g:
        g.standing = standing_of(db.session(), account())
    return g.standing


def is_signed_in() -> bool:
    return bool(current_user and current_user.is_authenticated)


def may(permission: str, view: str) -> bool:
    """Whether one of the signed-in account's roles grants the permission on the view."""
    if not is_signed_in():
        return False
    role_ids = [role.id for role in account().roles]
    return bool(appbuilder.sm.exist_permission_on_roles(view, permission, role_ids))
