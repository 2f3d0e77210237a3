"""Signing in to a server that takes our letters (RFC 5321, 3207, 8314). Certificates are checked. Light: no Flask."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import config
from app.mail import network
from app.mail.secret import opened, outlook_token
from app.mail.trouble import Trouble, Troubled, of_network, refused
from app.mail.ways import Account, Step
from app.sealed import seal

TIMEOUT_SECONDS = 10.0  # for one step of the server's


def account_of_settings(settings: config.Settings) -> Account | None:
    """The relay that MAIL_SERVER names."""
    if settings.mail_server is None:
        return None
    security = "tls" if settings.mail_use_ssl else "starttls" if settings.mail_use_tls else "none"
    secret = seal(settings.mail_password, settings.secret_key) if settings.mail_password else None
    return Account(
        id=0,
        mailbox_id=0,
        address=settings.mail_default_sender,
        way="smtp",
        host=settings.mail_server,
        port=settings.mail_port,
        security=security,
        username=settings.mail_username or "",
        secret=secret,
        folder="",
        move_to="",
        takes_old=False,
        limit=settings.letter_limit,
    )


def connected(account: Account, key: str) -> smtplib.SMTP:
    """A connection that may send. Raises OSError, SMTPException, Troubled."""
    smtp = Smtp(account, key)
    try:
        smtp.greet()
        smtp.encrypt()
        smtp.sign_in()
    except BaseException:
        smtp.close()
        raise
    assert smtp.host is not None
    return smtp.host


class Smtp:
    """An account on an SMTP server, reached step by step."""

    def __init__(self, account: Account, key: str) -> None:
        self.account, self.key = account, key
        self.host: smtplib.SMTP | None = None

    def steps(self) -> Iterator[Step]:
        host, port = self.account.host, self.account.port
        yield "name", lambda: network.resolve(host, port)
        yield "reach", lambda: network.reach(host, port)
        if self.account.security == "tls":
            yield "tls", _told(Trouble.ANSWER, self.greet)
        else:
            yield "greeting", _told(Trouble.ANSWER, self.greet)
        if self.account.security == "starttls":
            yield "tls", _told(Trouble.TLS, self.encrypt)
        if self.account.username:
            yield "sign_in", _told(Trouble.SIGN_IN, self.sign_in)
        yield "sender", _told(Trouble.SENDER, self._offer_sender)

    def greet(self) -> str:
        account = self.account
        if account.security == "tls":
            context = ssl.create_default_context()
            self.host = smtplib.SMTP_SSL(account.host, account.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            self.host = smtplib.SMTP(account.host, account.port, timeout=TIMEOUT_SECONDS)
        self.host.ehlo_or_helo_if_needed()
        return (self.host.ehlo_resp or self.host.helo_resp or b"").decode("utf-8", "replace")

    def encrypt(self) -> str:
        """Never goes on in the clear where encryption is wished for."""
        if self.account.security == "starttls":
            self._host.starttls(context=ssl.create_default_context())
            self._host.ehlo()
        return str(getattr(self._host.sock, "version", str)())

    def sign_in(self) -> str:
        account = self.account
        if account.by_token:
            said = f"user={account.username}\1auth=Bearer {outlook_token(account, self.key)}\1\1"
            self._host.auth("XOAUTH2", lambda challenge=None: "" if challenge else said)
        elif account.username:
            if not self._host.has_extn("auth") and self._host.has_extn("starttls"):
                raise Troubled(Trouble.TLS, "no AUTH before STARTTLS")
            self._host.login(account.username, opened(account, self.key))
        return account.username

    def close(self) -> None:
        host, self.host = self.host, None
        if host is not None:
            with suppress(OSError, smtplib.SMTPException):
                host.quit()
            host.close()

    def _offer_sender(self) -> str:
        """MAIL FROM, taken back at once: no letter is sent."""
        international = () if self.account.address.isascii() else ("SMTPUTF8",)
        code, words = self._host.mail(self.account.address, international)
        self._host.rset()
        if code >= 400:
            raise smtplib.SMTPSenderRefused(code, words, self.account.address)
        return self.account.address

    @property
    def _host(self) -> smtplib.SMTP:
        if self.host is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.host


way: Callable[[Account, str], Smtp] = Smtp


def _told(trouble: Trouble, take: Callable[[], str]) -> Callable[[], str]:
    """The step, its failure named: the network's by what it is, the server's refusal as `trouble`."""

    def told() -> str:
        with _named(trouble):
            return take()

    return told


@contextmanager
def _named(trouble: Trouble) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPServerDisconnected as error:
        raise Troubled(Trouble.REACH, error) from error
    except smtplib.SMTPResponseException as error:
        words = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        raise refused(trouble, f"{error.smtp_code} {words.decode('utf-8', 'replace')}") from error
    except smtplib.SMTPException as error:
        raise Troubled(trouble, error) from error
    except OSError as error:
        raise of_network(error) from error
    except UnicodeError as error:
        raise Troubled(trouble, "ASCII") from error
