"""The people around the tickets of a batch of events, read in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.access import reach_of
from app.extensions import db
from app.mail.readers import may_receive
from app.models.account import Account
from app.models.product_group import ANSWERING, Assignment
from app.models.ticket import Participant, Ticket


class Audience:
    """Who could hear of what happens to some tickets, and which letters each of them may get."""

    def __init__(self, tickets: Collection[Ticket]) -> None:
        groups = {ticket.product_group_id for ticket in tickets}
        ids = {ticket.id for ticket in tickets}
        self._consultants = _by_key(
            select(Assignment.product_group_id, Account)
            .join(Assignment.account)
            .where(Assignment.product_group_id.in_(groups), Assignment.level.in_(ANSWERING))
            .order_by(Assignment.id)
        )
        self._participants = _by_key(
            select(Participant.ticket_id, Account)
            .join(Account, Participant.account_id == Account.id)
            .where(Participant.ticket_id.in_(ids))
            .order_by(Participant.id)
        )
        self._reach = reach_of(db.session(), self._everybody(tickets), tickets)

    def consultants(self, ticket: Ticket) -> list[Account]:
        """Who answers for the ticket's product group."""
        return self._consultants.get(ticket.product_group_id, [])

    def participants(self, ticket: Ticket) -> list[Account]:
        """Who was let into the ticket besides its requester."""
        return self._participants.get(ticket.id, [])

    def may_receive(self, account: Account, template: str, ticket: Ticket) -> bool:
        return may_receive(account, template, ticket, self._reach)

    def _everybody(self, tickets: Iterable[Ticket]) -> set[Account]:
        named = {person for ticket in tickets for person in (ticket.requester, ticket.assignee) if person}
        return named.union(*self._consultants.values(), *self._participants.values())


def _by_key(query: Select[int, Account]) -> dict[int, list[Account]]:
    found: dict[int, list[Account]] = {}
    for key, account in db.session.execute(query.options(selectinload(Account.roles))):
        found.setdefault(key, []).append(account)
    return found
