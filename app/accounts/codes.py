"""Codes of the second step: those of an authenticator app (RFC 6238), and recovery codes. Each works once.

Flask-Security keeps the secret of the app sealed by a key that is not in the database; of recovery codes we keep
only hashes that need that key too.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import qrcode
from flask import Flask, current_app, flash
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import MfRecoveryCodesUtil, Totp
from flask_security.totp import TokenError
from limits import parse
from sqlalchemy import select, update

from app.accounts import limits
from app.events.audit import AuditKind, write_down
from app.extensions import db
from app.models.account import Account

CODES_MADE = 10
FEW_LEFT = 3
ONCE = parse("1 per 10 minutes")  # longer than any code is good
CLOCKS_APART = 30  # seconds that a telephone's clock may be wrong, one step of the codes


def codes_config(secret_key: str) -> dict[str, Any]:
    """Flask-Security's settings for them."""
    return {
        "SECURITY_TOTP_SECRETS": {"1": hashlib.sha256(f"codes of apps {secret_key}".encode()).hexdigest()},
        "SECURITY_TOTP_ISSUER": "Bilety",
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": CLOCKS_APART,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": CODES_MADE,
    }


class AppCodes(Totp):
    """Codes of an authenticator app. One that was used is good no more, also not in the same half minute."""

    def verify_totp(self, token: str, totp_secret: str, user: Account, window: int = 0) -> bool:
        try:
            match = self._totp.verify(token, totp_secret, window=window)
        except TokenError:
            return False
        return limits.hit(ONCE, f"code {hashlib.sha256(totp_secret.encode()).hexdigest()} {match.counter}")


def drawn(address: str) -> tuple[int, str]:
    """A QR code as the side of its square and the path of its dark dots, to be drawn as SVG in the page itself."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(address)
    rows = code.get_matrix()
    dots = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return len(rows), "".join(dots)


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes, kept as hashes, so they can be shown once only."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)

    def create_recovery_codes(self, user: Account) -> list[str]:
        """New codes in place of all earlier ones."""
        codes: list[str] = current_app.extensions["account_security"].totp_factory.generate_recovery_codes(CODES_MADE)
        user.mf_recovery_codes = [_hash(code) for code in codes]
        write_down(AuditKind.CODES_MADE, by=user, about=user.email)
        return codes

    def get_recovery_codes(self, user: Account) -> list[str]:
        """Nothing: they cannot be told again."""
        return []

    def check_recovery_code(self, user: Account, code: str) -> bool:
        """Whether the code was good; it is used up by this, even when it comes twice at the same moment."""
        kept = db.session.scalar(select(Account.mf_recovery_codes).where(Account.id == user.id))
        left = [each for each in kept or () if not hmac.compare_digest(each, _hash(code))]
        if len(left) == len(kept or ()):
            user.track_failed_authn("recovery code", True)
            return False
        same = Account.mf_recovery_codes == kept
        used: Any = db.session.execute(
            update(Account).where(Account.id == user.id, same).values(mf_recovery_codes=left)
        )
        if used.rowcount != 1:
            return False
        write_down(AuditKind.CODE_USED, by=user, about=user.email, count=len(left))
        if len(left) <= FEW_LEFT:
            told = ngettext("You have %(num)d recovery code left.", "You have %(num)d recovery codes left.", len(left))
            flash(f"{told} {_('Make new ones on the page of your profile.')}", "warning")
        return True

    def delete_recovery_code(self, _user: Account, _code: str) -> bool:
        """It was used up when it was checked."""
        return True


def _hash(code: str) -> str:
    """Of the code however it was typed: in capitals, with spaces or without dashes."""
    typed = "".join(sign for sign in code.lower() if sign.isalnum())
    key = hashlib.sha256(f"recovery codes {current_app.config['SECRET_KEY']}".encode()).digest()
    return hmac.new(key, typed.encode(), hashlib.sha256).hexdigest()
