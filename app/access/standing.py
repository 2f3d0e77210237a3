"""All that the rules need to know of an account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, bindparam, inspect, literal, select
from sqlalchemy.orm import Session, load_only, selectinload

from app.models.account import Account
from app.models.organisation import Departure, Membership, MembershipGroup, Sharing
from app.models.product_group import Assignment, Level
from app.models.ticket import Ticket

SEES_EVERYTHING = frozenset({"administrator", "auditor"})
STAFF = frozenset({"consultant", "administrator", "auditor"})


class Right(StrEnum):
    """What somebody may do with a ticket that he sees."""

    SEE = "see"
    WRITE = "write"  # answer in the conversation, attach, close
    SHARE = "share"  # let others into it, and show them out
    HIDE = "hide"  # make it confidential, or not
    HANDLE = "handle"  # notes, assignment, states, priority: the consultants' acts
    MANAGE = "manage"  # move it to another product group


CONSULTANTS = frozenset(Right) - {Right.MANAGE}
REQUESTERS = CONSULTANTS - {Right.HANDLE}


@dataclass(frozen=True)
class Standing:
    """An account's roles and places. Build it by `standing_of`."""

    account_id: int
    roles: frozenset[str]  # their kinds: a copy of a role shows the same rows as the role that it was copied from
    organisations: frozenset[int] = frozenset()  # those that it belongs to
    shared_organisations: frozenset[int] = frozenset()  # those of which it sees all tickets
    shared_groups: frozenset[tuple[int, int]] = frozenset()  # (organisation, product group): only these of its tickets
    managed_organisations: frozenset[int] = frozenset()  # those that it invites people to, and removes people from
    left_organisations: frozenset[int] = frozenset()  # those that it belonged to once
    levels: frozenset[tuple[int, Level]] = frozenset()  # (product group, level), of whoever is a consultant or not

    @property
    def seen_groups(self) -> frozenset[int]:
        """The product groups whose tickets it sees from the desk's side."""
        return self._groups(Level.SEE, Level.ANSWER, Level.MANAGE)

    @property
    def answered_groups(self) -> frozenset[int]:
        """The product groups that it answers for."""
        return self._groups(Level.ANSWER, Level.MANAGE)

    @property
    def managed_groups(self) -> frozenset[int]:
        """The product groups whose settings and consultants it decides about."""
        return self._groups(Level.MANAGE)

    @property
    def is_staff(self) -> bool:
        """Whether the desk's side is open to this account: internal notes, grids, the journal."""
        return bool(self.roles & STAFF)

    @property
    def sees_everything(self) -> bool:
        return bool(self.roles & SEES_EVERYTHING)

    @property
    def handles_everything(self) -> bool:
        return "administrator" in self.roles

    def answers_for(self, product_group_id: int) -> bool:
        return self.handles_everything or product_group_id in self.answered_groups

    def manages(self, product_group_id: int) -> bool:
        return self.handles_everything or product_group_id in self.managed_groups

    def sees(self, ticket: Ticket, *, is_participant: bool) -> bool:
        """What `sees_ticket` says, of a row that is loaded already."""
        return (
            self.sees_everything
            or is_participant
            or self._reported(ticket)
            or (not ticket.confidential and self._shares(ticket))
            or ticket.product_group_id in self.seen_groups
        )

    def rights(self, ticket: Ticket) -> frozenset[Right]:
        """What this account may do with a ticket that it sees."""
        if self.manages(ticket.product_group_id):
            return frozenset(Right)
        if self.answers_for(ticket.product_group_id):
            return CONSULTANTS
        if self._reported(ticket):
            return REQUESTERS
        if self.sees_everything or ticket.product_group_id in self.seen_groups:
            return frozenset({Right.SEE})
        if ticket.organisation_id in self.managed_organisations:
            return frozenset({Right.SEE, Right.WRITE, Right.SHARE})
        return frozenset({Right.SEE, Right.WRITE})

    def _reported(self, ticket: Ticket) -> bool:
        return ticket.requester_id == self.account_id and ticket.organisation_id not in self.left_organisations

    def _shares(self, ticket: Ticket) -> bool:
        place = (ticket.organisation_id, ticket.product_group_id)
        return ticket.organisation_id in self.shared_organisations or place in self.shared_groups

    def _groups(self, *levels: Level) -> frozenset[int]:
        if "consultant" not in self.roles:
            return frozenset()
        return frozenset(group_id for group_id, level in self.levels if level in levels)


def reads_as(account: Account) -> Standing:
    """All that the rules of entries need to know of an account: nothing is read for it."""
    return Standing(account.id, _roles(account))


def standing_of(session: Session, account: Account) -> Standing:
    """The account's roles and places, read in one statement."""
    return standings_of(session, [account])[account.id]


def standings_of(session: Session, accounts: Iterable[Account]) -> dict[int, Standing]:
    """The standing of each account by its id, read in one statement, and their roles in another where they are not."""
    known = {account.id: account for account in accounts}
    strange = [row_id for row_id, account in known.items() if "roles" in inspect(account).unloaded]
    if len(strange) > 1:
        session.scalars(
            select(Account).where(Account.id.in_(strange)).options(load_only(Account.id), selectinload(Account.roles))
        ).all()
    held: dict[tuple[int, str], set[tuple[int, int | None]]] = {}
    for account_id, kind, row_id, group_id in session.execute(_places(), {"accounts": list(known)}):
        held.setdefault((account_id, kind), set()).add((row_id, group_id))

    def ids(account_id: int, *kinds: str) -> frozenset[int]:
        return frozenset(row_id for kind in kinds for row_id, _group in held.get((account_id, kind), ()))

    return {
        row_id: Standing(
            account_id=row_id,
            roles=_roles(account),
            organisations=ids(row_id, *Sharing),
            shared_organisations=ids(row_id, Sharing.ORGANISATION, Sharing.MANAGER),
            shared_groups=frozenset(
                (place, group) for place, group in held.get((row_id, Sharing.GROUPS), ()) if group is not None
            ),
            managed_organisations=ids(row_id, Sharing.MANAGER),
            left_organisations=ids(row_id, "left"),
            levels=frozenset((group, level) for level in Level for group in ids(row_id, level)),
        )
        for row_id, account in known.items()
    }


@cache
def _places() -> CompoundSelect[int, str, int, int]:
    """Where `accounts` belong, where they belonged, and what they answer for."""
    accounts: BindParameter[Any] = bindparam("accounts", expanding=True)
    places = (
        select(Membership.account_id, Membership.sharing, Membership.organisation_id, MembershipGroup.product_group_id)
        .outerjoin(Membership.groups)
        .where(Membership.account_id.in_(accounts))
    )
    left = select(Departure.account_id, literal("left"), Departure.organisation_id, literal(0)).where(
        Departure.account_id.in_(accounts)
    )
    groups = select(Assignment.account_id, Assignment.level, Assignment.product_group_id, literal(0)).where(
        Assignment.account_id.in_(accounts)
    )
    return places.union_all(left, groups)


def _roles(account: Account) -> frozenset[str]:
    """The kinds of its roles. Who was invited to the desk stands there only once he accepted: the invitation may have
    gone to a wrong address."""
    return account.role_kinds if account.confirmed_at else account.role_kinds - STAFF
