"""Account letters that Flask-Security asks for, owed to the outbox instead of sent from a request."""

from __future__ import annotations

from typing import Any

from flask_security import MailUtil

from app.events.record import owe_letter
from app.extensions import db
from app.models.account import Account

TEMPLATES = {
    "welcome": "activation",
    "confirmation_instructions": "activation",
    "welcome_existing": "already_registered",
    "reset_instructions": "password_reset",
    "reset_notice": "password_changed",
    "change_notice": "password_changed",
}


class OutboxMailUtil(MailUtil):
    """Keeps which letter a reader is owed, never its text: links are made when the letter is composed."""

    def normalize(self, email: str) -> str:
        """The address as we keep it. Raises EmailValidateException."""
        return super().normalize(email.strip().lower())

    def validate(self, email: str) -> str:
        """The address as we keep it, fit for a letter. Raises EmailValidateException."""
        return super().validate(email.strip().lower())

    def send_mail(self, template: str, *_args: Any, user: Account, **_context: Any) -> None:
        """Owe the letter. Raises KeyError for a letter that Bilety has not written."""
        name = TEMPLATES[template.rpartition("/")[2]]  # It comes as security/email/welcome.
        if name == "already_registered" and not user.is_registered:
            name = "activation"  # A mail-only customer registers with the address we know him by (S17).
        owe_letter(name, account=user, reason="account")
        db.session.commit()
