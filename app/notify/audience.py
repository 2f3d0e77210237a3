"""The people around the tickets of a batch of events, read in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.access import Right, reach_of
from app.desk.absences import away
from app.extensions import db
from app.models.account import Account
from app.models.beside import Watcher
from app.models.mention import Mention
from app.models.product_group import ANSWERING, Assignment, Level
from app.models.ticket import Participant, Ticket
from app.notify.recipients import Around, Reader


class Audience:
    """Who stands around some tickets, and who was mentioned in some of their messages; what each may do there now."""

    def __init__(self, tickets: Collection[Ticket], messages: Collection[int] = ()) -> None:
        groups = {ticket.product_group_id for ticket in tickets}
        ids = {ticket.id for ticket in tickets}
        answering = db.session.execute(
            select(Assignment.product_group_id, Account, Assignment.level)
            .join(Assignment.account)
            .where(Assignment.product_group_id.in_(groups), Assignment.level.in_(ANSWERING))
            .order_by(Assignment.id)
            .options(selectinload(Account.roles))
        ).all()
        self._consultants = _by_key((group_id, account) for group_id, account, _level in answering)
        self._managers = _by_key((group_id, account) for group_id, account, level in answering if level == Level.MANAGE)
        self._participants = _accounts(
            select(Participant.ticket_id, Account)
            .join(Account, Participant.account_id == Account.id)
            .where(Participant.ticket_id.in_(ids))
            .order_by(Participant.id)
        )
        self._watchers = _accounts(
            select(Watcher.ticket_id, Account)
            .join(Account, Watcher.account_id == Account.id)
            .where(Watcher.ticket_id.in_(ids))
            .order_by(Watcher.id)
        )
        self._mentioned = _accounts(
            select(Mention.message_id, Account)
            .join(Account, Mention.account_id == Account.id)
            .where(Mention.message_id.in_(messages))
            .order_by(Mention.id)
        )
        self._away = away({ticket.assignee_id for ticket in tickets if ticket.assignee_id})
        self.accounts = {account.id: account for account in self._everybody(tickets)}
        self._reach = reach_of(db.session(), self.accounts.values(), tickets)

    def around(self, ticket: Ticket, message_id: int | None = None) -> Around:
        """Everybody who stands around the ticket and that message of it, as plain values."""

        def readers(accounts: Iterable[Account]) -> tuple[Reader, ...]:
            return tuple(self._reader(account, ticket) for account in accounts)

        return Around(
            requester=self._reader(ticket.requester, ticket),
            assignee=self._reader(ticket.assignee, ticket) if ticket.assignee else None,
            away=ticket.assignee_id in self._away,
            substitute=self._reader(substitute, ticket) if (substitute := self._substitute(ticket)) else None,
            participants=readers(self._participants.get(ticket.id, ())),
            watchers=readers(self._watchers.get(ticket.id, ())),
            consultants=readers(self._consultants.get(ticket.product_group_id, ())),
            managers=readers(self._managers.get(ticket.product_group_id, ())),
            mentioned=readers(self._mentioned.get(message_id, ()) if message_id else ()),
        )

    def _substitute(self, ticket: Ticket) -> Account | None:
        absence = self._away.get(ticket.assignee_id) if ticket.assignee_id else None
        return absence.substitute if absence else None

    def _reader(self, account: Account, ticket: Ticket) -> Reader:
        reachable = account.active and account.has_address
        rights = self._reach.rights(account, ticket) if reachable else frozenset()
        return Reader(
            account.id,
            sees=bool(rights),
            handles=Right.HANDLE in rights,
            reads_notes=reachable and self._reach.reads_notes(account, ticket),
            mutes=frozenset(account.mutes or ()),
        )

    def _everybody(self, tickets: Iterable[Ticket]) -> set[Account]:
        named = {
            person
            for ticket in tickets
            for person in (ticket.requester, ticket.assignee, self._substitute(ticket))
            if person
        }
        sides = (self._consultants, self._participants, self._watchers, self._mentioned)
        return named.union(*(accounts for side in sides for accounts in side.values()))


def _accounts(query: Select[int, Account]) -> dict[int, list[Account]]:
    found = db.session.execute(query.options(selectinload(Account.roles)))
    return _by_key((key, account) for key, account in found)


def _by_key(pairs: Iterable[tuple[int, Account]]) -> dict[int, list[Account]]:
    found: dict[int, list[Account]] = {}
    for key, account in pairs:
        found.setdefault(key, []).append(account)
    return found
