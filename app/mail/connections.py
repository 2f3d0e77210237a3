"""The accounts of mailboxes on other servers: looked up, and set by administrators."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.mail.ways import WAYS_OUT, Account
from app.models.mail_connection import Direction, MailConnection, SignIn
from app.models.mailbox import Mailbox
from app.models.types import utc_now
from app.sealed import Unreadable, seal, unseal

ANOTHER_PLACE = ("way", "host", "port", "username", "folder")  # Where one of these changes, reading begins anew.
# A kept password is sent nowhere but where it was given for: another port may be another program.
ANOTHER_SERVER = ("way", "host", "port", "username", "signs_in", "authority", "client_id")


CONSENT_DAYS = 90  # so long a refresh token lives that is not renewed


def of(mailbox: Mailbox, direction: Direction) -> MailConnection | None:
    """How the mailbox is reached that way, if by an account on another server."""
    query = select(MailConnection).where(MailConnection.mailbox_id == mailbox.id, MailConnection.direction == direction)
    return db.session.scalars(query).one_or_none()


def of_one(mailbox: Mailbox, direction: Direction) -> MailConnection:
    """The same, where there must be one, held until the transaction ends."""
    query = select(MailConnection).where(MailConnection.mailbox_id == mailbox.id, MailConnection.direction == direction)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


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
    """Until the last day of the client secret, or of a user's consent that is not renewed; below zero afterwards."""
    if row.signs_in == SignIn.USER and row.secret_changed_at is not None:
        return CONSENT_DAYS - (utc_now() - row.secret_changed_at).days
    if row.signs_in != "oauth" or row.secret_expires_on is None:
        return None
    return (row.secret_expires_on - utc_now().date()).days


def needs_secret(kept: MailConnection | None, said: Mapping[str, Any]) -> bool:
    """Whether the secret that is kept, if any, is not the one for what is wished for now."""
    if said.get("signs_in") == SignIn.USER:
        return False  # he consents once the settings are kept
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
    if said.get("signs_in") == SignIn.USER and _differs(row, said, ANOTHER_SERVER):
        row.secret = row.secret_changed_at = row.consenting = None  # a consent is for one user of one server
    secret = "" if said.get("signs_in") == SignIn.USER else said["secret"]
    for name, value in said.items():
        if name != "secret":
            setattr(row, name, value)
    if secret:
        row.secret, row.secret_changed_at = seal(secret, key), utc_now()
    elif not said["username"]:
        row.secret = row.secret_changed_at = None
    row.trouble = row.said = row.troubled_at = None
    row.revision = (row.revision or 0) + 1  # what a reader of the old settings finds is not written down any more
    return row


def _differs(row: MailConnection, said: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return any(getattr(row, name) != said[name] for name in names if name in said)


def consented(row: MailConnection, token: str, key: str) -> None:
    """Keep what the user gave."""
    row.secret, row.secret_changed_at, row.consenting = seal(token, key), utc_now(), None
    row.trouble = row.said = row.troubled_at = None
    row.revision += 1


def waiting(row: MailConnection, key: str) -> str | None:
    """What was begun with the user who is about to consent, as long as he may; else None."""
    try:
        flow = unseal(row.consenting, key) if row.consenting else ""
    except Unreadable:
        return None
    return flow if flow and json.loads(flow)["expires_at"] > utc_now().timestamp() else None


def code_of(row: MailConnection, key: str) -> dict[str, str] | None:
    """The code that he has to type, and where."""
    flow = waiting(row, key)
    if flow is None:
        return None
    said = json.loads(flow)
    return {"code": str(said["user_code"]), "address": str(said["verification_uri"])}
