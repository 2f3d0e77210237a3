"""Why an account may see a row, or not: told from the clauses themselves, way by way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from app.access.people import sees_account, sees_journal, sees_organisation
from app.access.standing import STAFF, Right, Standing, standing_of
from app.access.tickets import WayName, sees_message, ways_to_tickets
from app.models.account import Account
from app.models.journal import JournalEntry
from app.models.organisation import Membership, Organisation
from app.models.ticket import Attachment, Message, MessageKind, Ticket

Row = Ticket | Message | Attachment | Organisation | Account | JournalEntry


@dataclass(frozen=True)
class Reason:
    """One way, whether it lets in, and a code that says why it does or does not."""

    way: str
    lets_in: bool
    code: str


@dataclass(frozen=True)
class Explanation:
    """`sees` is what the clauses say; every reason of one way lets in, or the row is closed by all of them."""

    sees: bool
    reasons: tuple[Reason, ...]
    rights: frozenset[Right] = frozenset()


def explain(session: Session, account: Account, row: Row) -> Explanation:
    """Why this account may see that row now, or not."""
    standing = standing_of(session, account)
    found = _explained(session, standing, row)
    if not account.active:
        return Explanation(False, (Reason("account", False, "inactive"), *found.reasons))
    if account.role_kinds & STAFF and account.confirmed_at is None:
        return Explanation(found.sees, (Reason("account", False, "not_accepted"), *found.reasons), found.rights)
    return found


def _explained(session: Session, standing: Standing, row: Row) -> Explanation:
    if isinstance(row, Ticket):
        return _ticket(session, standing, row)
    if isinstance(row, Message):
        return _message(session, standing, row)
    if isinstance(row, Attachment):
        return _message(session, standing, row.message)
    clause, code = _other(standing, row)
    sees = session.scalar(select(type(row).id).where(type(row).id == row.id, clause)) is not None
    return Explanation(sees, (Reason(str(type(row).__table__.name), sees, code),))


def _ticket(session: Session, standing: Standing, ticket: Ticket) -> Explanation:
    ways = ways_to_tickets(standing)
    asked = select(*(case((clause, 1), else_=0) for _name, clause in ways)).where(Ticket.id == ticket.id)
    answers = session.execute(asked).one()
    open_ways = {name for (name, _clause), answer in zip(ways, answers, strict=True) if answer}
    member = session.scalar(
        select(Membership.id).where(
            Membership.account_id == standing.account_id, Membership.organisation_id == ticket.organisation_id
        )
    )
    closed = dict(_closed(standing, ticket, is_member=member is not None))
    reasons = tuple(
        Reason(name, name in open_ways, f"{name}_yes" if name in open_ways else closed[name]) for name in WayName
    )
    return Explanation(bool(open_ways), reasons, standing.rights(ticket) if open_ways else frozenset())


def _closed(standing: Standing, ticket: Ticket, *, is_member: bool) -> Iterator[tuple[WayName, str]]:
    """Why each way is closed, if it is."""
    left = ticket.organisation_id in standing.left_organisations
    yield WayName.EVERYTHING, "everything_no"
    yield WayName.REQUESTER, "requester_left" if ticket.requester_id == standing.account_id else "requester_no"
    yield WayName.PARTICIPANT, "participant_no"
    if ticket.organisation_id is None:
        yield WayName.ORGANISATION, "organisation_none"
    elif not is_member:
        yield WayName.ORGANISATION, "organisation_left" if left else "organisation_other"
    else:
        yield WayName.ORGANISATION, "organisation_confidential" if ticket.confidential else "organisation_own"
    chosen = (ticket.organisation_id, ticket.product_group_id) in standing.shared_groups
    yield WayName.CHOSEN_GROUPS, "organisation_confidential" if chosen else "chosen_groups_no"
    yield WayName.PRODUCT_GROUP, "product_group_no" if "consultant" in standing.roles else "no_consultant"


def _message(session: Session, standing: Standing, message: Message) -> Explanation:
    of_ticket = _ticket(session, standing, message.ticket)
    readable = select(Message.id).join(Message.ticket).where(Message.id == message.id, sees_message(standing))
    reads = session.scalar(readable) is not None
    code = "message_spoken" if message.kind != MessageKind.NOTE else "note_yes" if reads else "note_no"
    return Explanation(of_ticket.sees and reads, (*of_ticket.reasons, Reason("message", reads, code)), of_ticket.rights)


def _other(standing: Standing, row: Any) -> tuple[ColumnElement[bool], str]:
    """The row's clause, and what it looks at."""
    if isinstance(row, Organisation):
        return sees_organisation(standing), "desk_or_member"
    if isinstance(row, Account):
        return sees_account(standing), "desk_or_self"
    return sees_journal(standing), "desk_of_mailbox"
