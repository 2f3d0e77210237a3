"""Writing into the audit log, in the transaction of the act itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import has_request_context, request

from app import caller
from app.extensions import db
from app.models.account import Account
from app.models.audit import AuditEntry


class AuditKind(StrEnum):
    """What the log tells of."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 a name
    PASSWORD_RESET = "password_reset"  # noqa: S105 a name
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    KEY_MADE = "key_made"
    KEY_ENDED = "key_ended"
    RIGHTS = "rights"
    SETTINGS = "settings"
    EXPORTED = "exported"
    VIEWED_AS = "viewed_as"
    REFUSED = "refused"
    LETTER_REJECTED = "letter_rejected"  # by a consultant, with an answer or without
    ENTRY = "entry"  # something that is written for readers
    LETTER_TAKEN_BACK = "letter_taken_back"  # it waits again after it was rejected
    CUSTOMER_NOTE = "customer_note"  # of the desk, about a customer or a company
    LINKS_ENDED = "links_ended"  # of the letters of a ticket
    LOOP = "loop"  # of automatic letters, ended


def write_down(
    kind: AuditKind, *, by: Account | None = None, who: str = "", about: str = "", **data: Any
) -> AuditEntry:
    """Add what happened to the session, so that it is kept exactly when the act is.

    `by` is by default the account that acts in this request; `who` names somebody who has no account. `data` holds
    plain JSON values and never anything secret.
    """
    entry = AuditEntry(**entry_values(kind, by=by, who=who, about=about, data=data))
    db.session.add(entry)
    return entry


def entry_values(
    kind: AuditKind, *, by: Account | None = None, who: str = "", about: str = "", data: dict[str, Any]
) -> dict[str, Any]:
    """The columns of an entry of this moment and request."""
    account = by if by is not None or who else caller.acting()
    return {
        "kind": kind,
        "account_id": account.id if account else None,
        "who": (account.email if account else printable(who))[:320],
        "about": printable(about)[:320],
        "address": request.remote_addr if has_request_context() else None,
        "via": caller.via(),
        "data": data,
    }


def printable(text: str) -> str:
    """The text on one line, without signs that a database or a reader's screen stumbles over."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
