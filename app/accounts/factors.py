"""The second step of signing in: set up, turned off, demanded of the desk's people, reset when a device is lost."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_security import wan_deleted, wan_registered
from sqlalchemy import delete, or_, select

from app.accounts import sessions
from app.accounts.codes import CLOCKS_APART
from app.accounts.join import bound_security
from app.events.audit import AuditKind, write_down
from app.events.record import owe_letter
from app.extensions import db
from app.models.account import Account, WebAuthn

APP = "authenticator"  # Flask-Security's name of the method


def init_app(app: Flask) -> None:
    """Listen to what Flask-Security does with passkeys, for as long as the application lives."""
    wan_registered.connect(_passkey_added, app)
    wan_deleted.connect(_passkey_removed, app)


def new_secret() -> str:
    """A secret for an authenticator app, sealed."""
    return str(bound_security().totp_factory.generate_totp_secret())


def address_of(account: Account, secret: str) -> str:
    """What the app reads from the QR code (otpauth://)."""
    return str(bound_security().totp_factory.get_totp_uri(account.email, secret))


def key_of(secret: str) -> str:
    """The same for who types it, in groups of four."""
    return str(bound_security().totp_factory.get_totp_pretty_key(secret))


def set_up(account: Account, secret: str, code: str) -> list[str] | None:
    """Turn the app on when its code is right, and answer new recovery codes; None when the code is wrong."""
    security = bound_security()
    if not security.totp_factory.verify_totp(code, secret, account, window=CLOCKS_APART):
        return None
    security.datastore.tf_set(account, APP, secret)
    note_change(account, AuditKind.FACTOR_ADDED, how=APP)
    codes: list[str] = security.mf_recovery_codes_util.create_recovery_codes(account)
    return codes


def turn_off(account: Account) -> None:
    """The app is asked for no more. Passkeys stay."""
    bound_security().datastore.tf_reset(account)
    note_change(account, AuditKind.FACTOR_REMOVED, how=APP)


def reset(account: Account) -> None:
    """Somebody lost what he signs in with: the password is enough again, until he sets up something new.

    Passkeys go too, as the lost device may hold them; every browser is signed out, and he hears of it.
    """
    bound_security().datastore.tf_reset(account)
    account.mf_recovery_codes = None
    db.session.execute(delete(WebAuthn).where(WebAuthn.user_id == account.id))
    sessions.end_all(account)
    write_down(AuditKind.FACTOR_REMOVED, about=account.email, how="reset")
    owe_letter("factors_reset", account=account, reason="account")


def forget_all_codes() -> int:
    """Take every app and every recovery code away, as nothing can read them any more; how many people had one.

    Passkeys stay. Whoever has a passkey as well signs in by it.
    """
    had = or_(Account.tf_totp_secret.is_not(None), Account.mf_recovery_codes.is_not(None))
    people = db.session.scalars(select(Account).where(had)).unique().all()
    for account in people:
        bound_security().datastore.tf_reset(account)
        account.mf_recovery_codes = None
    return len(people)


def note_change(account: Account, kind: AuditKind, **data: Any) -> None:
    """Write down, and tell the owner, that he signs in in another way from now on."""
    write_down(kind, by=account, about=account.email, **data)
    owe_letter("factors_changed", account=account, reason="account")


def _passkey_added(_app: Flask, user: Account, name: str = "", **_rest: Any) -> None:
    note_change(user, AuditKind.FACTOR_ADDED, how="passkey", name=name)


def _passkey_removed(_app: Flask, user: Account, name: str = "", **_rest: Any) -> None:
    note_change(user, AuditKind.FACTOR_REMOVED, how="passkey", name=name)
