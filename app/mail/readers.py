"""Whom a letter may reach: a letter is a door like any other, and it may have closed since the letter was owed."""

from __future__ import annotations

from sqlalchemy import select

from app.access import Right, sees_ticket, standing_of
from app.extensions import db
from app.models.account import Account
from app.models.ticket import Ticket

# Letters of the desk's side: they may quote internal notes, so seeing the ticket is not enough.
DESK_LETTERS = frozenset(
    {"new_ticket", "customer_replied", "assigned", "noted", "closed_by_customer", "reopened_by_customer"}
)


def may_receive(account: Account, template: str, ticket: Ticket | None) -> bool:
    """Whether this account may get this letter now."""
    if not account.active or ticket is None:
        return bool(account.active)
    standing = standing_of(db.session(), account)
    if db.session.scalar(select(Ticket.id).where(Ticket.id == ticket.id, sees_ticket(standing))) is None:
        return False
    return template not in DESK_LETTERS or Right.HANDLE in standing.rights(ticket)


def has_portal(account: Account) -> bool:
    """Whether the reader can open pages: a customer who only writes letters has no password yet."""
    return account.is_registered or account.role_names != {"customer"}
