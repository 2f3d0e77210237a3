"""How a mailbox is reached on somebody else's server."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, relationship

from app.models.base import Model, adopt
from app.models.mailbox import Mailbox
from app.models.tables import mail_connection


class Direction(StrEnum):
    """Which way letters go."""

    IN = "in"
    OUT = "out"


class Security(StrEnum):
    """How the connection is kept secret; without it only on this very machine."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class SignIn(StrEnum):
    """How we show who we are."""

    PASSWORD = "password"  # noqa: S105 a code
    OAUTH = "oauth"  # a token for an application of a Microsoft 365 tenant
    USER = "user"  # a token for a user of one, who has consented


class MailConnection(Model):
    """A mailbox's account on a server: one for letters in, one for letters out, each only where it is wanted."""

    __table__ = adopt(mail_connection)

    id: Mapped[int]
    mailbox_id: Mapped[int]
    direction: Mapped[str]
    active: Mapped[bool]
    way: Mapped[str]
    host: Mapped[str]
    port: Mapped[int]
    security: Mapped[str]
    username: Mapped[str]
    secret: Mapped[str | None]
    secret_changed_at: Mapped[datetime | None]
    signs_in: Mapped[str]
    authority: Mapped[str]
    client_id: Mapped[str]
    secret_expires_on: Mapped[date | None]
    folder: Mapped[str]
    move_to: Mapped[str]
    takes_old: Mapped[bool]
    revision: Mapped[int]
    consenting: Mapped[str | None]
    cursor: Mapped[str | None]
    began_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    trouble: Mapped[str | None]
    said: Mapped[str | None]
    troubled_at: Mapped[datetime | None]
    mailbox: Mapped[Mailbox] = relationship()
