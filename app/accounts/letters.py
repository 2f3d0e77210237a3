"""Account letters that Flask-Security asks for, owed to the outbox instead of sent from a request."""

from __future__ import annotations

from typing import Any

from flask_security import EmailValidateException, MailUtil

from app.accounts.addresses import BadAddress, understood
from app.events.record import owe_letter
from app.extensions import db
from app.models.account import Account

TEMPLATES = {"reset_notice": "password_changed", "change_notice": "password_changed"}


class OutboxMailUtil(MailUtil):
    """Keeps which letter a reader is owed, never its text: links are made when the letter is composed."""

    def normalize(self, email: str) -> str:
        """The address in its kept form. Raises EmailValidateException."""
        try:
            return understood(email)
        except BadAddress as error:
            raise EmailValidateException(str(error)) from error

    validate = normalize

    def send_mail(self, template: str, *_args: Any, user: Account, **_context: Any) -> None:
        """Owe the letter. Raises KeyError for a letter that Bilety has not written."""
        owe_letter(TEMPLATES[template.rpartition("/")[2]], account=user, reason="account")  # security/email/<name>
        db.session.commit()
