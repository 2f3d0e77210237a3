"""Whom a letter may reach: a letter is a door like any other, and it may have closed since the letter was owed."""

from __future__ import annotations

from app.access import Reach, Right
from app.models.account import Account
from app.models.ticket import Ticket

# Letters of the desk's side: they may quote internal notes, so seeing the ticket is not enough.
DESK_LETTERS = frozenset(
    {
        *("new_ticket", "customer_replied", "assigned", "noted", "closed_by_customer", "reopened_by_customer"),
        "mentioned",
        *("call_confirmed", "call_lapsed_unconfirmed", "term_warning", "term_missed", "follow_up"),
    }
)
FOR_READERS_OF_NOTES = frozenset({"mentioned"})  # of the desk's letters; the others go to who may act in the ticket


def may_receive(account: Account, template: str, ticket: Ticket | None, reach: Reach) -> bool:
    """Whether this account may get this letter now; `reach` was asked for both a moment ago."""
    if not account.active or not account.has_address:
        return False
    if ticket is None:
        return True
    rights = reach.rights(account, ticket)
    if template in FOR_READERS_OF_NOTES:
        return reach.reads_notes(account, ticket)
    return bool(rights) and (template not in DESK_LETTERS or Right.HANDLE in rights)


def has_portal(account: Account) -> bool:
    """Whether the reader can open pages: a customer who only writes letters has no password yet."""
    return account.is_registered or account.role_kinds != {"customer"}
