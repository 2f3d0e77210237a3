"""What can be wrong between us and a mail server, by code. Light: no Flask."""

from __future__ import annotations

import re
import socket
import ssl
from enum import StrEnum

LONGEST_SAID = 300
CODE = re.compile(r"\[([A-Z/-]+)")
ENCRYPTION_FIRST = re.compile(r"^538\b|STARTTLS|plaintext auth", re.I)


class Trouble(StrEnum):
    """What failed. `trouble_words.py` says what each means, and who can mend it."""

    NAME = "name"  # the host's name is not known
    REACH = "reach"  # nobody answers there
    SILENT = "silent"  # somebody took the connection and says nothing
    TLS = "tls"
    CERTIFICATE = "certificate"
    SIGN_IN = "sign_in"
    SENDER = "sender"
    FOLDER = "folder"
    MOVE = "move"
    SECRET = "secret"  # noqa: S105 a code: our own copy of it cannot be read
    ANSWER = "answer"  # the server said what was not expected
    EXPIRED = "expired"  # the client secret; this and what follows are Microsoft 365's
    CLIENT = "client"
    APPLICATION = "application"
    TENANT = "tenant"
    CONSENT = "consent"
    ENDED = "ended"  # the consent of a user
    POLICY = "policy"
    RIGHTS = "rights"
    LICENCE = "licence"
    MAILBOX = "mailbox"
    MOVING = "moving"
    BUSY = "busy"
    KEEPING = "keeping"  # our journal did not take the letter


BY_CODE = {
    "UNAVAILABLE": Trouble.BUSY,
    "INUSE": Trouble.BUSY,
    "LIMIT": Trouble.BUSY,
    "IN-USE": Trouble.BUSY,
    "LOGIN-DELAY": Trouble.BUSY,
    "SYS/TEMP": Trouble.BUSY,
    "PRIVACYREQUIRED": Trouble.TLS,
}


class Troubled(Exception):
    """One of the troubles, with the server's own words where it had any, and the seconds that it asks to wait."""

    def __init__(self, trouble: Trouble, said: object = "", rest: float | None = None) -> None:
        self.trouble, self.said, self.rest = trouble, printable(said), rest
        super().__init__(f"{trouble}: {self.said}")


def of_network(error: Exception) -> Troubled:
    """What a failed connection means."""
    if isinstance(error, Troubled):
        return error
    if isinstance(error, socket.gaierror):
        return Troubled(Trouble.NAME, error.strerror or error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Troubled(Trouble.CERTIFICATE, error.verify_message or error)
    if isinstance(error, ssl.SSLError):
        return Troubled(Trouble.TLS, error.reason or error)
    if isinstance(error, OSError):
        return Troubled(Trouble.REACH, error.strerror or error)
    return Troubled(Trouble.ANSWER, str(error) or type(error).__name__)


def refused(trouble: Trouble, said: object) -> Troubled:
    """What a server's refusal means: `trouble`, unless its words say that it will do so later, or not in the clear
    (RFC 2449, 3206, 5530; in SMTP, 4yz is later). `said` begins with the number of the answer in SMTP."""
    words = printable(said)
    code = CODE.search(words)
    if re.match(r"4\d\d\b", words):
        return Troubled(Trouble.BUSY, words)
    if ENCRYPTION_FIRST.search(words):
        return Troubled(Trouble.TLS, words)
    return Troubled(BY_CODE.get(code[1], trouble) if code else trouble, words)


def printable(said: object) -> str:
    """A server's words on one line, as a page and a log can show them."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_SAID]
