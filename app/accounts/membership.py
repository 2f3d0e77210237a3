"""Belonging to an organisation: coming, what is seen there, leaving for good."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.access.net import BEYOND
from app.accounts import keys, sessions
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.organisation import Departure, Membership, MembershipGroup, Organisation, Sharing
from app.models.ticket import Participant, Ticket


def come(
    account: Account,
    organisation: Organisation,
    sharing: str = Sharing.ORGANISATION,
    product_groups: Iterable[int] = (),
    *,
    by: Account,
) -> None:
    """The account belongs to the organisation; who had left it has his own tickets there again."""
    membership = Membership(account=account, organisation=organisation)
    share(membership, sharing, product_groups)
    db.session.add(membership)
    departure = departed(account, organisation.id)
    if departure is not None:
        db.session.delete(departure)
        _tell_tickets(account, organisation.id, EventKind.REQUESTER_RETURNED, by=by)


def leave(membership: Membership, *, by: Account) -> None:
    """The account belongs to the organisation no more, and every door to its tickets closes at once, to those that the
    account reported itself too; browsers and tokens are signed out. The history stays.
    """
    account, organisation_id = membership.account, membership.organisation_id
    db.session.delete(membership)
    db.session.flush()
    db.session.expire(account, ["memberships"])  # Flask-AppBuilder would save what the form's row still holds.
    if departed(account, organisation_id) is None:
        db.session.add(Departure(account_id=account.id, organisation_id=organisation_id))
    _show_out(account, organisation_id, by=by)
    _tell_tickets(account, organisation_id, EventKind.REQUESTER_LEFT, by=by)
    sign_out(account)


def share(membership: Membership, sharing: str, product_groups: Iterable[int] = ()) -> None:
    """What the member sees of the organisation's tickets from now on."""
    membership.sharing = sharing
    wanted = set(product_groups) if sharing == Sharing.GROUPS else set()
    kept = {row.product_group_id: row for row in membership.groups}
    membership.groups = [
        kept.get(group_id) or MembershipGroup(product_group_id=group_id) for group_id in sorted(wanted)
    ]


def departed(account: Account, organisation_id: int) -> Departure | None:
    """That the account left the organisation, if it did."""
    query = select(Departure).where(Departure.account_id == account.id, Departure.organisation_id == organisation_id)
    return db.session.scalars(query).one_or_none()


def sign_out(account: Account) -> None:
    """Every browser, token and key of the account ends now."""
    sessions.end_all(account)
    keys.end_all(account)


def _show_out(account: Account, organisation_id: int, *, by: Account) -> None:
    query = select(Participant, Ticket).join(Ticket, Participant.ticket_id == Ticket.id)
    query = query.where(Participant.account_id == account.id, Ticket.organisation_id == organisation_id)
    for row, ticket in db.session.execute(query, execution_options=BEYOND).all():
        db.session.delete(row)
        record(ticket, EventKind.SHOWN_OUT, by=by, before=account.id)


def _tell_tickets(account: Account, organisation_id: int, kind: EventKind, *, by: Account) -> None:
    """Write it into the history of each ticket, and bring the search index up to date."""
    query = select(Ticket).where(Ticket.requester_id == account.id, Ticket.organisation_id == organisation_id)
    for ticket in db.session.scalars(query, execution_options=BEYOND).all():
        record(ticket, kind, by=by)
