"""The people of an organisation, as its managers know them: who belongs to it, who is invited, who leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.accounts import invitations
from app.accounts.errors import NotYourself, TooManyInvitations
from app.accounts.membership import leave
from app.extensions import db
from app.models.account import Account
from app.models.event import Letter
from app.models.invitation import Invitation, InvitationState
from app.models.organisation import Membership, Organisation
from app.models.types import utc_now

MOST_SHOWN = 500
MOST_INVITATIONS = 50  # of a company by its managers within a day


def members_of(organisation: Organisation) -> Sequence[Membership]:
    """Who belongs to it, by address."""
    query = select(Membership).join(Membership.account).where(Membership.organisation_id == organisation.id)
    query = query.order_by(Account.email).limit(MOST_SHOWN).options(contains_eager(Membership.account))
    return db.session.scalars(query).unique().all()


def invited_to(organisation: Organisation) -> Sequence[Invitation]:
    """Its open invitations, by address."""
    query = (
        select(Invitation)
        .join(Invitation.account)
        .where(Invitation.organisation_id == organisation.id, Invitation.state == InvitationState.INVITED)
        .order_by(Account.email)
        .limit(MOST_SHOWN)
        .options(contains_eager(Invitation.account))
    )
    return db.session.scalars(query).unique().all()


def refuse_too_many(organisation_id: int | None) -> None:
    """Raises TooManyInvitations for a company that has sent many within a day."""
    sent = select(func.count()).select_from(Letter).join(Letter.invitation)
    lately = Letter.created_at > utc_now() - timedelta(days=1)
    ours = Invitation.organisation_id == organisation_id
    if (db.session.scalar(sent.where(ours, lately)) or 0) >= MOST_INVITATIONS:
        raise TooManyInvitations


def remove(membership: Membership, *, by: Account) -> None:
    """Somebody is taken out; his open invitations to the organisation end too. Raises NotYourself."""
    if membership.account_id == by.id:
        raise NotYourself
    for invitation in invitations.open_of(membership.account):
        if invitation.organisation_id == membership.organisation_id:
            invitations.withdraw(invitation, by=by)
    leave(membership, by=by)
