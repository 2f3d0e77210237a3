"""An administrator looks at the portal as a customer sees it: reading only, written down, ended by one click."""

from __future__ import annotations

from flask import g, session
from sqlalchemy import select

from app.accounts.sessions import TOKEN, hash_of
from app.events.audit import AuditKind, write_down
from app.extensions import db
from app.models.account import Account, AccountSession


def may_be_viewed(account: Account) -> bool:
    """Only a customer, and only while the account is open: nobody gains rights by looking."""
    return bool(account.active) and account.role_kinds == {"customer"}


def begin(customer: Account, *, by: Account) -> None:
    """From the next request on this browser sees what the customer sees."""
    _row().viewing = customer
    write_down(AuditKind.VIEWED_AS, by=by, about=customer.email, how="begun")


def end() -> Account | None:
    """This browser is its owner's again; answers who was viewed."""
    row = _row()
    viewed, row.viewing = row.viewing, None
    if viewed is not None:
        write_down(AuditKind.VIEWED_AS, by=row.account, about=viewed.email, how="ended")
    return viewed


def viewer() -> Account | None:
    """Who looks through somebody else's eyes in this request, if anybody does."""
    found: Account | None = g.get("viewed_by")
    return found


def _row() -> AccountSession:
    query = select(AccountSession).where(AccountSession.token_hash == hash_of(session[TOKEN]))
    return db.session.scalars(query).one()
