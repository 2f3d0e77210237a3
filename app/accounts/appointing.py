"""Administrators that are made by whoever may use the machine, where nobody could at the desk."""

from __future__ import annotations

from sqlalchemy import select

import app.models.all  # noqa: F401  every mapped class, before Flask-AppBuilder asks for one
from app.accounts import links, roles
from app.accounts.errors import Deactivated
from app.accounts.join import bound_security
from app.accounts.registration import add_mail_only_customer, find_account, role_named
from app.events.audit import AuditKind, write_down
from app.extensions import db
from app.models.account import Account, Role
from app.models.invitation import Purpose

COMMAND = "run.py administrator"


def has_administrator() -> bool:
    """Whether somebody can let others in."""
    holding = Account.roles.any(Role.name == roles.ADMINISTRATOR)
    return db.session.scalar(select(Account.id).where(Account.active, holding).limit(1)) is not None


def appoint(email: str, locale: str) -> tuple[Purpose, str]:
    """Give the address's owner the role, and the path of a link that sets a password, with its purpose.

    Raises Deactivated.
    """
    role, account = role_named(roles.ADMINISTRATOR), find_account(email)
    if account is None:
        account = add_mail_only_customer(bound_security().datastore, email, "", locale, roles=[role])
    elif not account.active:
        raise Deactivated
    elif not roles.is_administrator(account):
        account.roles = [role]
    write_down(AuditKind.RIGHTS, who=COMMAND, about=email, role=role.name)
    db.session.flush()
    purpose = Purpose.RESET if account.is_registered else Purpose.ACTIVATION
    return purpose, links.make(purpose, account)
