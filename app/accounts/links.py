"""Links in letters: random, kept as hashes only, good once, for a time, and until they are withdrawn."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, delete, or_, select, update
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.account import Account
from app.models.event import Letter
from app.models.invitation import AccountLink, Invitation, InvitationState, Purpose
from app.models.types import utc_now

LIVES = {
    Purpose.ACTIVATION: timedelta(hours=72),
    Purpose.RESET: timedelta(hours=24),
    Purpose.TICKET: timedelta(days=60),
}
PATHS = {Purpose.ACTIVATION: "/confirm/", Purpose.RESET: "/reset/", Purpose.TICKET: "/by-letter/"}
FOR_ONE_END = frozenset({Purpose.ACTIVATION, Purpose.RESET})  # there is one good link at a time, and it works once
LONGEST_TOKEN = 100
KEPT_AFTER = timedelta(days=30)  # so long an expired link can still ask for a new one


OTHERS = delete(AccountLink).where(
    AccountLink.purpose == bindparam("purpose"),
    AccountLink.account_id == bindparam("account"),
    AccountLink.invitation_id.is_not_distinct_from(bindparam("invitation")),
    or_(bindparam("letter", type_=Integer).is_(None), AccountLink.letter_id.is_distinct_from(bindparam("letter"))),
)


class LinkUsed(Exception):
    """Somebody was faster with the same link."""


def make(
    purpose: Purpose, account: Account, *, letter: Letter | None = None, invitation: Invitation | None = None
) -> str:
    """The path of a new link. Where one works at a time, those of earlier letters die; one of this letter's own lives
    on, as its first attempt may have arrived although it seemed to fail."""
    if purpose in FOR_ONE_END:
        _end_others(purpose, account.id, invitation.id if invitation else None, letter.id if letter else None)
    token, expires_at = secrets.token_urlsafe(32), utc_now() + LIVES[purpose]
    db.session.add(
        AccountLink(
            token_hash=_hash(token),
            purpose=purpose,
            email=account.email,
            account_id=account.id,
            invitation_id=invitation.id if invitation else None,
            letter_id=letter.id if letter else None,
            expires_at=expires_at,
        )
    )
    if invitation is not None:
        open_still = update(Invitation).where(
            Invitation.id == invitation.id, Invitation.state == InvitationState.INVITED
        )
        db.session.execute(open_still.values(expires_at=expires_at))
    return f"{PATHS[purpose]}{token}"


def find(token: str, purpose: Purpose) -> AccountLink | None:
    """The link while it is good, and its account may be used and has the address that it was sent to."""
    link = remembered(token, purpose)
    if link is None or link.expires_at <= utc_now() or not link.account.active:
        return None
    return link if link.email == link.account.email else None


def remembered(token: str, purpose: Purpose) -> AccountLink | None:
    """The same, also when it has expired."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return None
    query = select(AccountLink).where(AccountLink.token_hash == _hash(token), AccountLink.purpose == purpose)
    options = (
        joinedload(AccountLink.account),
        joinedload(AccountLink.letter),
        joinedload(AccountLink.invitation).joinedload(Invitation.organisation),
    )
    return db.session.scalars(query.options(*options)).unique().one_or_none()


def use(link: AccountLink) -> None:
    """The link and all for the same end are good no more. Raises LinkUsed when they were so already."""
    used: Any = db.session.execute(delete(AccountLink).where(AccountLink.id == link.id))
    if used.rowcount != 1:
        raise LinkUsed
    forget(Purpose(link.purpose), link.account_id, link.invitation_id)


def forget(purpose: Purpose, account_id: int, invitation_id: int | None = None) -> None:
    """End the links of an account for one end."""
    db.session.execute(_alike(purpose, account_id, invitation_id))


def withdraw(invitation: Invitation) -> None:
    """End the links of an invitation."""
    db.session.execute(delete(AccountLink).where(AccountLink.invitation_id == invitation.id))


def end_of_ticket(ticket_id: int) -> None:
    """End the links in all letters about the ticket; letters to come have new ones."""
    letters = select(Letter.id).where(Letter.ticket_id == ticket_id)
    ended = delete(AccountLink).where(AccountLink.purpose == Purpose.TICKET, AccountLink.letter_id.in_(letters))
    db.session.execute(ended, execution_options={"synchronize_session": False})


def forget_expired() -> None:
    """Remove the rows of links that have been of no use for long."""
    db.session.execute(delete(AccountLink).where(AccountLink.expires_at < utc_now() - KEPT_AFTER))


def _alike(purpose: Purpose, account_id: int, invitation_id: int | None) -> Any:
    return delete(AccountLink).where(
        AccountLink.purpose == purpose,
        AccountLink.account_id == account_id,
        AccountLink.invitation_id.is_not_distinct_from(invitation_id),
    )


def _end_others(purpose: Purpose, account_id: int, invitation_id: int | None, letter_id: int | None) -> None:
    """Of earlier letters. What this session adds is written down before only where it might be one of them."""
    added = any(isinstance(row, AccountLink) and row.account_id == account_id for row in db.session.new)
    if added:
        db.session.flush()
    said = {"purpose": purpose, "account": account_id, "invitation": invitation_id, "letter": letter_id}
    db.session.connection().execute(OTHERS, said)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
