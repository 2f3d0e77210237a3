"""Passkeys (W3C Web Authentication), by Flask-Security, with what it leaves open closed."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, session
from flask_babel import gettext as _
from flask_security import WebauthnUtil
from flask_security.webauthn import WebAuthnSigninResponseForm

from app.accounts import limits

PASSKEYS_CONFIG: dict[str, Any] = {
    "SECURITY_WEBAUTHN": True,
    "SECURITY_WAN_RP_NAME": "Bilety",
    "SECURITY_WAN_ALLOW_USER_HINTS": False,  # The door must not tell which passkeys an address has.
    "SECURITY_WAN_POST_REGISTER_VIEW": "/wan-register",
}


class OurSite(WebauthnUtil):
    """Which site the passkeys are for: that of BILETY_BASE_URL, also where a proxy speaks HTTPS for us."""

    def origin(self) -> str:
        settings = current_app.extensions["settings"]
        parts = urlsplit(settings.base_url)
        if request.host.partition(":")[0] == settings.hostname and parts.scheme == "https":
            return f"{parts.scheme}://{parts.netloc}"
        return str(request.host_url.rstrip("/"))

    def authenticator_selection(self, user: Any, usage: str) -> Any:
        """As Flask-Security chooses, but any kind of device may hold a passkey that replaces the password."""
        chosen = super().authenticator_selection(user, usage)
        chosen.authenticator_attachment = None
        return chosen


class PasskeyForm(WebAuthnSigninResponseForm):
    """What the browser's passkey answered. Each answer is good once, and only for who may sign in."""

    def validate(self, **kwargs: Any) -> bool:
        if not super().validate(**kwargs):
            return False
        fits = self._is_whom_we_wait_for() and limits.is_first(f"passkey {self.challenge}")
        if not fits:
            self.credential.errors = [_("This passkey does not sign you in here. Sign in in another way.")]
        return fits

    def _is_whom_we_wait_for(self) -> bool:
        """The second step belongs to him who has done the first; a deactivated account has no steps."""
        if not (self.user.active and self.user.is_registered):
            return False
        return not self.is_secondary or session.get("tf_user_id") == self.user.fs_uniquifier


def are_offered() -> bool:
    """Browsers know passkeys only of sites that have a name (W3C Web Authentication, 5.1.2)."""
    host = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdecimal() else request.host
    with suppress(ValueError):
        ipaddress.ip_address(host.strip("[]"))
        return False
    return True
