"""What a raw letter says, before the database was asked about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.locale import SPOKEN

# What a letter is marked with, among its warnings.
ENCRYPTED = "encrypted: cannot be read here"
SIGNED = "signed: the signature was not checked"


@dataclass(frozen=True)
class Address:
    """A mailbox address in lower case, with the name that its owner gave it."""

    name: str
    address: str


@dataclass(frozen=True)
class File:
    """An attachment with a name that is safe to keep and to show."""

    name: str
    content_type: str
    content: bytes
    content_id: str | None = None
    inline: bool = False  # shown in the place that its Content-ID names
    meant_inline: bool = False  # a picture that its sender's program meant to be seen within the letter
    counts: bool = True  # as an attachment: what only carries an invitation is kept and does not


@dataclass(frozen=True)
class Report:
    """A delivery report (RFC 3464): whom it is about and whether trying again can help."""

    recipient: str | None
    action: str | None
    status: str | None
    original_id: str | None  # Message-ID of the letter that it is about
    has_parts: bool = False  # it is one by its structure, not by its words
    is_full: bool = False  # the mailbox, by the words of its server

    @property
    def is_soft(self) -> bool:
        """Whether trying again may help, as with a full mailbox (RFC 3463)."""
        return self.is_full or (self.status or "").startswith(("5.2.2", "4."))

    @property
    def is_success(self) -> bool:
        """A receipt of the server's, not a bounce (RFC 3464 section 2.3.3)."""
        return self.action in ("delivered", "relayed", "expanded")


@dataclass(frozen=True)
class Understood:
    """A letter, decoded. `headers` holds lower-case names, each with its values in the order of the letter."""

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""  # what the author newly wrote
    folded: tuple[
        dict[str, str], ...
    ] = ()  # {"kind": quote | attribution | signature | footer | disclaimer | invitation, "text"}
    html: str | None = None  # cleaned
    files: tuple[File, ...] = ()
    language: str | None = None  # by its small words
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    content_types: frozenset[str] = frozenset()
    report: Report | None = None
    is_forward: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def desk_language(self) -> str | None:
        """Its language where the desk speaks it too."""
        return self.language if self.language in SPOKEN else None

    def header(self, name: str) -> str:
        """The first value of a header, stripped; empty where it is missing."""
        values = self.headers.get(name.lower(), ())
        return values[0].strip() if values else ""
