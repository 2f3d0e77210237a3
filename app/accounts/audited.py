"""What Flask-Security tells by signals, written into the audit log and committed with the act."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask_security import LoginForm, password_changed, user_failed_authn

from app.accounts import links
from app.events.audit import AuditKind, write_down
from app.extensions import db
from app.models.account import Account
from app.models.invitation import Purpose


def init_app(app: Flask) -> None:
    """Listen for as long as the application lives."""
    password_changed.connect(_password_changed, app)
    user_failed_authn.connect(_failed, app)


class SignInForm(LoginForm):
    """The form of the sign-in page. A failure is written down alike for known and unknown addresses.

    Every session lives on while it is used (app/accounts/sessions.py), so there is nothing to tick for it.
    """

    remember = None

    def validate(self, **kwargs: Any) -> bool:
        if super().validate(**kwargs):
            return True
        if self.password.data and "csrf_token" not in self.errors:
            note_failed(self.email.data, "password")
        return False


def note_failed(typed: str | None, how: str) -> None:
    """Write down a failed sign-in. What has no @ may be a password in the wrong field, and is not kept."""
    typed = (typed or "").strip().lower()
    write_down(AuditKind.SIGN_IN_FAILED, who=typed if "@" in typed else "?", how=how)
    db.session.commit()


def _password_changed(_app: Flask, user: Account, **_rest: Any) -> None:
    """Links that were asked for to set another password end with it."""
    links.forget(Purpose.RESET, user.id)
    write_down(AuditKind.PASSWORD_CHANGED, by=user, about=user.email)
    db.session.commit()


def _failed(_app: Flask, user: Account, auth_type: str = "", **_rest: Any) -> None:
    """A wrong code, passkey, or password of somebody who is signed in; the sign-in form tells of its own."""
    if request.endpoint != "security.login":
        note_failed(user.email, auth_type)
