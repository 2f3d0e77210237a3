"""Inviting people, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from app.accounts import links
from app.accounts.errors import AlreadyColleague, AlreadyRegistered, Deactivated, NotOpen, NotYours
from app.accounts.join import bound_security
from app.accounts.membership import come
from app.accounts.registration import add_mail_only_customer, find_account
from app.events.record import owe_letter
from app.extensions import db
from app.models.account import Account
from app.models.event import Letter
from app.models.invitation import Invitation, InvitationState, Purpose
from app.models.organisation import Membership, Organisation, Sharing
from app.models.product_group import ProductGroup
from app.models.types import utc_now

MOST_RENEWED = 5


class ShownState(StrEnum):
    """Where an invitation stands, as people are told it."""

    WAITING = "waiting"
    INVITED = "invited"
    EXPIRED = "expired"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


def shown_state(invitation: Invitation) -> ShownState:
    """Where it stands now; of an open one nothing is told about the account."""
    if invitation.state == InvitationState.ACCEPTED:
        return ShownState.ACTIVE if invitation.account.active else ShownState.DEACTIVATED
    if invitation.is_open and invitation.expires_at is not None and invitation.expires_at <= utc_now():
        return ShownState.EXPIRED
    return ShownState(invitation.state)


def in_state(state: ShownState) -> ColumnElement[bool]:
    """The rows of Invitation that stand so now."""
    active = Invitation.account.has(Account.active)
    expired = and_(Invitation.expires_at.is_not(None), Invitation.expires_at <= utc_now())
    accepted, invited = Invitation.state == InvitationState.ACCEPTED, Invitation.state == InvitationState.INVITED
    return {
        ShownState.ACTIVE: and_(accepted, active),
        ShownState.DEACTIVATED: and_(accepted, ~active),
        ShownState.INVITED: and_(invited, ~expired),
        ShownState.EXPIRED: and_(invited, expired),
    }.get(state, Invitation.state == state)


def invite(
    account: Account,
    *,
    by: Account | None,
    organisation: Organisation | None = None,
    sharing: str = Sharing.ORGANISATION,
    product_groups: Iterable[int] = (),
    name: str = "",
) -> Invitation:
    """Invite the account's owner, into the organisation where one is given; an open invitation is renewed.

    What he will see there, with the product groups where chosen ones are shared, counts once he accepts.

    Raises AlreadyColleague.
    """
    if organisation is not None and is_member(account, organisation):
        raise AlreadyColleague
    invitation = _open_one(account, organisation) or Invitation(account=account, organisation=organisation)
    invitation.sharing = sharing
    invitation.product_groups = sorted(set(product_groups)) if sharing == Sharing.GROUPS else None
    invitation.name = name or invitation.name or ""
    invitation.invited_by = by
    db.session.add(invitation)
    send(invitation)
    return invitation


def invite_address(
    email: str,
    *,
    by: Account,
    name: str,
    locale: str,
    organisation: Organisation | None,
    sharing: str,
    product_groups: Iterable[int] = (),
) -> Invitation:
    """Invite whoever has that address, known or not. What the inviter says of a known one is only the invitation's.

    Raises AlreadyColleague.
    """
    account = find_account(email) or add_mail_only_customer(bound_security().datastore, email, name, locale)
    return invite(account, by=by, organisation=organisation, sharing=sharing, product_groups=product_groups, name=name)


def invite_customer(
    email: str,
    *,
    by: Account,
    may_make_managers: bool,
    name: str,
    locale: str,
    organisation: Organisation | None,
    sharing: str,
    product_groups: Iterable[int] = (),
) -> Invitation:
    """Invite from the desk, which is told what stands in the way.

    Raises AlreadyColleague, AlreadyRegistered, Deactivated, NotYours.
    """
    account = find_account(email)
    if sharing == Sharing.MANAGER and not may_make_managers:
        raise NotYours
    if account is not None and not account.active:
        raise Deactivated
    if account is not None and account.is_registered and organisation is None:
        raise AlreadyRegistered
    return invite_address(
        email,
        by=by,
        name=name,
        locale=locale,
        organisation=organisation,
        sharing=sharing,
        product_groups=product_groups,
    )


def send(invitation: Invitation) -> None:
    """Owe the letter whose link is good for 72 hours; links of earlier letters die when it leaves."""
    invitation.state = InvitationState.INVITED
    invitation.settled_at = invitation.settled_by = None
    invitation.expires_at = utc_now() + links.LIVES[Purpose.ACTIVATION]
    db.session.flush()
    owe_letter("activation", account=invitation.account, reason="invited", invitation=invitation)


def invite_again(invitation: Invitation) -> None:
    """Send an open, withdrawn or refused invitation anew. Raises NotOpen."""
    if invitation.state in (InvitationState.ACCEPTED, InvitationState.WAITING):
        raise NotOpen
    send(invitation)


def withdraw(invitation: Invitation, *, by: Account) -> None:
    """Its link works no more, and a letter on its way is not sent. Raises NotOpen."""
    if not invitation.is_open:
        raise NotOpen
    _settle(invitation, InvitationState.WITHDRAWN, by=by)
    links.withdraw(invitation)


def hold(account: Account) -> Invitation:
    """Somebody registered and waits for the desk's approval; he hears of it."""
    invitation = Invitation(account=account, state=InvitationState.WAITING)
    db.session.add(invitation)
    db.session.flush()
    owe_letter("registration_received", account=account, reason="registration", invitation=invitation)
    return invitation


def approve(invitation: Invitation, *, by: Account) -> None:
    """Let in who waits: he gets his link. Raises NotOpen."""
    if invitation.state != InvitationState.WAITING:
        raise NotOpen
    send(invitation)
    invitation.settled_by = by


def refuse(invitation: Invitation, *, by: Account) -> None:
    """Refuse who waits; he hears of it and of the other ways to reach the desk. Raises NotOpen."""
    if invitation.state != InvitationState.WAITING:
        raise NotOpen
    _settle(invitation, InvitationState.REFUSED, by=by)
    owe_letter("registration_refused", account=invitation.account, reason="registration", invitation=invitation)


def accept(invitation: Invitation) -> None:
    """Its owner has the account, and the place in the organisation that it promised. Raises NotOpen."""
    if not invitation.is_open:
        raise NotOpen
    _settle(invitation, InvitationState.ACCEPTED, by=invitation.account)
    if invitation.organisation is not None and not is_member(invitation.account, invitation.organisation):
        known = select(ProductGroup.id).where(ProductGroup.id.in_(invitation.product_groups or ()))
        groups = db.session.scalars(known).all()
        come(invitation.account, invitation.organisation, invitation.sharing, groups, by=invitation.account)


def accept_plain(account: Account) -> None:
    """Accept the account's invitations that promised no organisation: it is active now, by whichever link."""
    for invitation in open_of(account):
        if invitation.organisation_id is None:
            accept(invitation)


def is_void(letter: Letter, *, registrations_wait: bool) -> bool:
    """Whether the letter invites to what was withdrawn, or decided otherwise, since it was owed."""
    if letter.template not in ("activation", "invitation"):
        return False
    if letter.invitation is not None:
        return not letter.invitation.is_open
    return registrations_wait


def open_of(account: Account) -> list[Invitation]:
    """The account's open invitations, the newest first; there are few."""
    query = select(Invitation).where(Invitation.account_id == account.id, Invitation.state == InvitationState.INVITED)
    options = (joinedload(Invitation.account), joinedload(Invitation.organisation))
    return list(db.session.scalars(query.order_by(Invitation.id.desc()).limit(MOST_RENEWED).options(*options)).unique())


def is_member(account: Account, organisation: Organisation) -> bool:
    query = select(Membership.id).where(
        Membership.account_id == account.id, Membership.organisation_id == organisation.id
    )
    return db.session.scalar(query) is not None


def _open_one(account: Account, organisation: Organisation | None) -> Invitation | None:
    wanted = organisation.id if organisation else None
    return next((invitation for invitation in open_of(account) if invitation.organisation_id == wanted), None)


def _settle(invitation: Invitation, state: InvitationState, *, by: Account) -> None:
    invitation.state = state
    invitation.settled_at = utc_now()
    invitation.settled_by = by
