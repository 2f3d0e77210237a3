"""Tokens of Microsoft 365 for an application of its own (OAuth 2.0 client credentials, RFC 6749 section 4.4), or for a
user who has consented (section 6).

Loaded only where a mailbox needs it: MSAL is heavy.
"""

from __future__ import annotations

import re
import ssl
import time
from typing import Any

import msal
import requests
from requests.adapters import HTTPAdapter

from app.mail.secret import opened
from app.mail.trouble import Trouble, Troubled, of_network
from app.mail.ways import Account

LOGIN = "https://login.microsoftonline.com"
OUTLOOK_OF_USER = "https://outlook.office.com/.default"
EARLY = 300.0  # seconds before its end a token is asked for again
OUTLOOK = "https://outlook.office365.com/.default"  # of IMAP, POP3 and SMTP, whichever cloud's names they have
TIMEOUT_SECONDS = 20.0
CODE = re.compile(r"AADSTS(\d+)")
# The numbers are those of Microsoft's list of sign-in errors.
TROUBLES = {
    "7000222": Trouble.EXPIRED,
    "7000215": Trouble.CLIENT,
    "700016": Trouble.APPLICATION,
    "7000112": Trouble.APPLICATION,  # it is disabled
    "90002": Trouble.TENANT,
    "900023": Trouble.TENANT,
    "65001": Trouble.CONSENT,
    "70011": Trouble.CONSENT,
    "1002012": Trouble.CONSENT,
    "500011": Trouble.CONSENT,
    "700082": Trouble.ENDED,
    "700084": Trouble.ENDED,
    "70008": Trouble.ENDED,
    "70000": Trouble.ENDED,
    "50173": Trouble.ENDED,  # the password was changed
    "70016": Trouble.ENDED,  # the code was not typed
    "70020": Trouble.ENDED,  # or too late
    "53003": Trouble.POLICY,
    "700030": Trouble.CLIENT,
}


class Adapter(HTTPAdapter):
    """Trusts whom this machine trusts, SSL_CERT_FILE included, as every other connection of ours does."""

    def init_poolmanager(self, *args: Any, **options: Any) -> Any:
        return super().init_poolmanager(*args, **options, ssl_context=ssl.create_default_context())


class Session(requests.Session):
    """Waits for no server without end, and follows nobody to another place."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False  # No proxy, no .netrc: they are not among our settings.
        self.mount("https://", Adapter())

    def request(self, method: Any, url: Any, *args: Any, **options: Any) -> requests.Response:
        options.setdefault("timeout", TIMEOUT_SECONDS)
        options.setdefault("allow_redirects", False)
        return super().request(method, url, *args, **options)


class Tokens:
    """An application's tokens, asked for again when they expire."""

    def __init__(self, account: Account, key: str, session: Session) -> None:
        self.account, self.key, self.session = account, key, session
        self.application: Any = None
        self.of_user: dict[str, tuple[str, float]] = {}  # until when each is good

    def token(self, scope: str) -> str:
        """Raises Troubled."""
        if self.account.signs_in == "user":
            return self._token_of_user(OUTLOOK_OF_USER if scope == OUTLOOK else scope)
        try:
            answer = self._application().acquire_token_for_client([scope])
        except requests.RequestException as error:
            raise of_request(error) from error
        except ValueError as error:  # MSAL's for an authority that is none
            raise Troubled(Trouble.TENANT, error) from error
        if "access_token" in answer:
            return str(answer["access_token"])
        raise refused(answer)

    def renewed(self, scopes: list[str]) -> str:
        """The refresh token that takes the place of the kept one, which is good meanwhile. Raises Troubled."""
        return str(self._by_refresh(scopes).get("refresh_token") or opened(self.account, self.key))

    def _token_of_user(self, scope: str) -> str:
        token, until = self.of_user.get(scope, ("", 0.0))
        if time.monotonic() > until:
            answer = self._by_refresh([scope])
            token, until = str(answer["access_token"]), time.monotonic() + float(answer["expires_in"]) - EARLY
            self.of_user[scope] = token, until
        return token

    def _by_refresh(self, scopes: list[str]) -> dict[str, Any]:
        kept = opened(self.account, self.key)
        if not kept:
            raise Troubled(Trouble.ENDED)
        try:
            if self.application is None:
                self.application = public_application(self.account, self.session)
            answer: dict[str, Any] = self.application.acquire_token_by_refresh_token(kept, scopes)
        except requests.RequestException as error:
            raise of_request(error) from error
        except ValueError as error:
            raise Troubled(Trouble.TENANT, error) from error
        if "access_token" not in answer:
            raise refused(answer)
        return answer

    def _application(self) -> Any:
        if self.application is None:
            self.application = msal.ConfidentialClientApplication(
                self.account.client_id,
                client_credential=opened(self.account, self.key),
                **_common(self.account, self.session),
            )
        return self.application


def public_application(account: Account, session: Session) -> Any:
    """The application as a user meets it: it has no secret."""
    return msal.PublicClientApplication(account.client_id, **_common(account, session))


def _common(account: Account, session: Session) -> dict[str, Any]:
    authority = account.authority if account.authority.startswith("https://") else f"{LOGIN}/{account.authority}"
    return {"authority": authority, "instance_discovery": False, "http_client": session}


def of_request(error: requests.RequestException) -> Troubled:
    """What a failed request means. Requests and urllib3 wrap the network's own errors several times."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError) and not isinstance(inner, requests.RequestException):
            return of_network(inner)
        within = [getattr(inner, "reason", None), *inner.args, inner.__cause__, inner.__context__]
        inner = next((each for each in within if isinstance(each, BaseException)), None)
    text = str(error)
    name = "NameResolutionError" in text or "getaddrinfo" in text
    return Troubled(Trouble.NAME if name else Trouble.REACH, type(error).__name__)


def refused(answer: dict[str, Any]) -> Troubled:
    """What a refusal of the token endpoint means."""
    said = str(answer.get("error_description") or answer.get("error") or "")
    codes = [str(code) for code in answer.get("error_codes") or ()] or CODE.findall(said)
    trouble = next((TROUBLES[code] for code in codes if code in TROUBLES), Trouble.SIGN_IN)
    return Troubled(trouble, said)
