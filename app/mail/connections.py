"""The accounts of mailboxes on other servers: looked up, and set by administrators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.mail.ways import WAYS_OUT, Account
from app.models.mail_connection import Direction, MailConnection
from app.models.mailbox import Mailbox
from app.models.types import utc_now
from app.sealed import seal

ANOTHER_PLACE = ("way", "host", "port", "username", "folder")  # Where one of these changes, reading begins anew.
# A kept password is sent nowhere but where it was given for.
ANOTHER_SERVER = ("way", "host", "username", "signs_in", "authority", "client_id")


def of(mailbox: Mailbox, direction: Direction) -> MailConnection | None:
    """How the mailbox is reached that way, if by an account on another server."""
    query = select(MailConnection).where(MailConnection.mailbox_id == mailbox.id, MailConnection.direction == direction)
    return db.session.scalars(query).one_or_none()


def outgoing() -> list[Account]:
    """The accounts of mailboxes whose letters leave by a server of their own."""
    query = (
        select(MailConnection)
        .where(MailConnection.direction == Direction.OUT, MailConnection.active, MailConnection.way.in_(WAYS_OUT))
        .options(joinedload(MailConnection.mailbox))
    )
    return [account(row) for row in db.session.scalars(query)]


def account(row: MailConnection) -> Account:
    """The row as the ways take it."""
    columns = {name: getattr(row, name) for name in Account.__dataclass_fields__ if hasattr(row, name)}
    limit = current_app.extensions["settings"].letter_limit
    return Account(**{**columns, "address": row.mailbox.address, "limit": limit})


def days_left(row: MailConnection) -> int | None:
    """Until the last day of the client secret; below zero afterwards."""
    if row.signs_in != "oauth" or row.secret_expires_on is None:
        return None
    return (row.secret_expires_on - utc_now().date()).days


def needs_secret(kept: MailConnection | None, said: Mapping[str, Any]) -> bool:
    """Whether the secret that is kept, if any, is not the one for what is wished for now."""
    if not said["username"]:
        return False  # a server that lets us in as we are
    return kept is None or not kept.secret or _differs(kept, said, ANOTHER_SERVER)


def save(mailbox: Mailbox, direction: Direction, said: Mapping[str, Any], *, key: str) -> MailConnection:
    """Keep the settings; an empty secret leaves the one that is kept. `key` seals it."""
    row = of(mailbox, direction)
    if row is None:
        row = MailConnection(mailbox_id=mailbox.id, direction=direction)
        db.session.add(row)
    elif _differs(row, said, ANOTHER_PLACE):
        row.cursor = row.began_at = row.read_at = None
    secret = said["secret"]
    for name, value in said.items():
        if name != "secret":
            setattr(row, name, value)
    if secret:
        row.secret, row.secret_changed_at = seal(secret, key), utc_now()
    elif not said["username"]:
        row.secret = row.secret_changed_at = None
    row.trouble = row.said = row.troubled_at = None
    return row


def _differs(row: MailConnection, said: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return any(getattr(row, name) != said[name] for name in names if name in said)
