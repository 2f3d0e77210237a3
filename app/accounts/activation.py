"""What the links of letters do when their readers press the button: a first password, a place, a new password."""

from __future__ import annotations

from flask_security import hash_password
from flask_security.confirmable import confirm_user

from app.accounts import invitations, keys, links, sessions
from app.accounts.join import bound_security
from app.accounts.registration import join_organisation_of_domain
from app.events.audit import AuditKind, write_down
from app.events.record import owe_letter
from app.models.account import Account
from app.models.invitation import AccountLink, Purpose


def activate(link: AccountLink, password: str) -> Account:
    """S3: setting a password activates the account and confirms its address. Raises LinkUsed, NotOpen."""
    account, invitation = link.account, link.invitation
    links.use(link)
    links.forget(Purpose.ACTIVATION, account.id)
    set_password(account, password)
    confirm_user(account)
    if invitation is not None:
        invitations.accept(invitation)
    invitations.accept_plain(account)
    join_organisation_of_domain(account)
    return account


def join(link: AccountLink) -> Account:
    """Somebody who has an account already takes the place that he was invited to. Raises LinkUsed, NotOpen."""
    account, invitation = link.account, link.invitation
    links.use(link)
    if invitation is None:
        raise links.LinkUsed
    invitations.accept(invitation)
    return account


def reset(link: AccountLink, password: str) -> Account:
    """A new password; every browser and token of the account is signed out, and its owner hears of it."""
    account = link.account
    links.use(link)
    set_password(account, password)
    owe_letter("password_changed", account=account, reason="account")
    write_down(AuditKind.PASSWORD_RESET, by=account, about=account.email)
    return account


def set_password(account: Account, password: str) -> None:
    """Set a password that was normalised by its form; every session, token, key and reset link of before ends."""
    account.password = hash_password(password)
    bound_security().datastore.set_uniquifier(account)
    sessions.end_all(account)
    keys.end_all(account)
    links.forget(Purpose.RESET, account.id)
