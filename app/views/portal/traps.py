"""What keeps programs from filling in public forms, without asking a third party anything."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, TimestampSigner
from wtforms import HiddenField, StringField

from app.accounts import limits
from app.models.types import utc_now

QUICKEST_SECONDS = 2.0  # Nobody reads the page and types an address in less.
LONGEST_SECONDS = 24 * 3600

FILLED_IN = _l("Leave the field for machines empty, then press the button again.")
IN_HASTE = _l("That was very quick. Please press the button once more.")
TOO_OLD = _l("The page was open for very long. Please press the button once more.")


def now_signed() -> str:
    """This moment, so that only we can have written it."""
    return str(_signer().sign("opened").decode())


class TrappedForm(FlaskForm):
    """A form that tells people from programs: by a field that people never see, and by their haste."""

    opened = HiddenField(default=now_signed)
    website = StringField(_l("Leave this field empty"))

    def validate(self, extra_validators: Any = None) -> bool:
        fits = super().validate(extra_validators)
        caught = self._caught()
        if caught is not None:
            self.form_errors.append(caught)
        return fits and caught is None

    def _caught(self) -> Any:
        if self.website.data:
            self.website.data = ""
            return FILLED_IN
        age = _age(self.opened.data)
        if age is None or age > LONGEST_SECONDS:
            self.opened.data = now_signed()
            return TOO_OLD
        return IN_HASTE if age < QUICKEST_SECONDS and not limits.may_hurry() else None


def _age(signed: str | None) -> float | None:
    """How many seconds ago the form was opened; None where the mark is not ours."""
    try:
        _word, moment = _signer().unsign(signed or "", return_timestamp=True)
    except BadSignature:
        return None
    return float((utc_now() - moment).total_seconds())


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt="public-form")
