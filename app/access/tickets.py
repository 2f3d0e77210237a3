"""Tickets, and what hangs on them: messages and attachments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.access.standing import Right, Standing, standing_of, standings_of
from app.models.account import Account
from app.models.event import Event
from app.models.ranges import Rows
from app.models.ticket import Attachment, Message, MessageKind, Participant, Ticket

# Kinds of events that only the desk reads of.
DESK_EVENTS = (
    *("tagged", "follow_up_set", "follow_up_due", "linked_elsewhere", "unlinked_elsewhere"),
    *("warned", "escalated", "moved_out", "moved_in", "fields_noted", "taken_back"),
)
LARGEST_ID = 2**31 - 1  # What an INTEGER column of PostgreSQL holds.


class NotFound(LookupError):
    """The row does not exist, or this account may not know that it does."""


class WayName(StrEnum):
    """How somebody may come to know of a ticket."""

    EVERYTHING = "everything"  # administrators and auditors
    REQUESTER = "requester"
    PARTICIPANT = "participant"
    ORGANISATION = "organisation"  # all tickets of the company are shared with him
    CHOSEN_GROUPS = "chosen_groups"  # those of some product groups are
    PRODUCT_GROUP = "product_group"  # as a consultant


def ways_to_tickets(standing: Standing) -> tuple[tuple[WayName, ColumnElement[bool]], ...]:
    """The ways by which this account may come to know of a ticket. Lists go each of them by its own index."""
    if standing.sees_everything:
        return ((WayName.EVERYTHING, true()),)
    return tuple(_ways(standing))


def _ways(standing: Standing) -> Iterator[tuple[WayName, ColumnElement[bool]]]:
    own = Ticket.requester_id == standing.account_id
    if standing.left_organisations:
        elsewhere = Ticket.organisation_id.not_in(standing.left_organisations)
        own = and_(own, or_(Ticket.organisation_id.is_(None), elsewhere))
    yield WayName.REQUESTER, own
    let_in = select(Participant.ticket_id).where(Participant.account_id == standing.account_id)
    yield WayName.PARTICIPANT, Ticket.id.in_(let_in)
    is_shared = Ticket.confidential.is_(False)
    if standing.shared_organisations:
        yield WayName.ORGANISATION, and_(Ticket.organisation_id.in_(standing.shared_organisations), is_shared)
    for organisation_id in sorted({place for place, _group in standing.shared_groups}):
        groups = {group for place, group in standing.shared_groups if place == organisation_id}
        chosen = and_(Ticket.organisation_id == organisation_id, Ticket.product_group_id.in_(groups))
        yield WayName.CHOSEN_GROUPS, and_(chosen, is_shared)
    if standing.seen_groups:
        yield WayName.PRODUCT_GROUP, Ticket.product_group_id.in_(standing.seen_groups)


def sees_ticket(standing: Standing) -> ColumnElement[bool]:
    """The rows of Ticket that this account may know exist. `Standing.sees` says the same of a loaded row."""
    return or_(*(clause for _name, clause in ways_to_tickets(standing)))


def tickets_of(standing: Standing) -> Rows:
    """The same rows for a list, which finds the first of them however many there are."""
    ways = tuple(clause for _name, clause in ways_to_tickets(standing))
    return Rows(Ticket, ways, seen_by=standing.account_id)


def may_see(session: Session, account: Account, ticket: Ticket) -> bool:
    """Whether this account may know of this ticket now. A letter is a door like any other."""
    clause = sees_ticket(standing_of(session, account))
    return session.scalar(select(Ticket.id).where(Ticket.id == ticket.id, clause)) is not None


@dataclass(frozen=True)
class Reach:
    """Which of some accounts may do what with which of some tickets. Build it by `reach_of`."""

    standings: Mapping[int, Standing]
    let_in: frozenset[tuple[int, int]]  # (account, ticket) of every participant

    def rights(self, account: Account, ticket: Ticket) -> frozenset[Right]:
        """What the account may do with the ticket; nothing where it may not know of it."""
        standing = self.standings[account.id]
        if not standing.sees(ticket, is_participant=(account.id, ticket.id) in self.let_in):
            return frozenset()
        return standing.rights(ticket)

    def reads_notes(self, account: Account, ticket: Ticket) -> bool:
        """Whether the ticket's internal notes are open to the account."""
        return bool(self.rights(account, ticket)) and self.standings[account.id].is_staff


def reach_of(session: Session, accounts: Iterable[Account], tickets: Iterable[Ticket]) -> Reach:
    """What these accounts may do with these tickets now: for a batch of letters, in two statements."""
    ids = {ticket.id for ticket in tickets}
    rows = session.execute(select(Participant.account_id, Participant.ticket_id).where(Participant.ticket_id.in_(ids)))
    return Reach(standings_of(session, accounts), frozenset((row[0], row[1]) for row in rows))


def sees_message(standing: Standing) -> ColumnElement[bool]:
    """The rows of Message, within visible tickets, that this account may read. Join Ticket."""
    if standing.is_staff:
        return true()
    return Message.kind != MessageKind.NOTE


def sees_messages(standing: Standing) -> ColumnElement[bool]:
    """The rows of Message whose ticket this account sees, notes only for the desk.

    The desk sees most rows, so each is looked at as the list comes to it; a customer sees few: those are found first.
    """
    if standing.is_staff:
        return and_(Message.ticket.has(sees_ticket(standing)), sees_message(standing))
    return and_(Message.ticket_id.in_(select(Ticket.id).where(sees_ticket(standing))), sees_message(standing))


def sees_attachments(standing: Standing) -> ColumnElement[bool]:
    """The rows of Attachment whose message this account may read."""
    if standing.is_staff:
        return Attachment.message.has(sees_messages(standing))
    return Attachment.message_id.in_(select(Message.id).where(sees_messages(standing)))


def sees_event(standing: Standing) -> ColumnElement[bool]:
    """The rows of Event, within visible tickets, that this account may read: for a customer none about notes, the
    desk's own marks, and tickets of others."""
    if standing.is_staff:
        return true()
    return and_(~Event.message.has(Message.kind == MessageKind.NOTE), Event.kind.not_in(DESK_EVENTS))


def get_ticket(
    session: Session,
    standing: Standing,
    number: int,
    *,
    may: Right = Right.SEE,
    lock: bool = False,
    by: InstrumentedAttribute[int] = Ticket.number,
) -> Ticket:
    """The ticket of that number (or id), with what its page shows. Raises NotFound; `lock` before changing it."""
    if not 0 < number <= LARGEST_ID:
        raise NotFound
    query = select(Ticket).where(by == number, sees_ticket(standing))
    if lock:
        query = query.with_for_update(of=Ticket).execution_options(populate_existing=True)
    else:
        query = query.options(
            joinedload(Ticket.requester),
            joinedload(Ticket.assignee),
            joinedload(Ticket.organisation),
            joinedload(Ticket.product_group),
            joinedload(Ticket.state),
            joinedload(Ticket.confirmation),
            joinedload(Ticket.terms),
        )
    ticket = session.scalars(query).unique().one_or_none()
    if ticket is None or may not in standing.rights(ticket):
        raise NotFound
    return ticket


def get_message(session: Session, standing: Standing, message_id: int) -> Message:
    """The message, when it may be read. Raises NotFound."""
    if not 0 < message_id <= LARGEST_ID:
        raise NotFound
    query = select(Message).join(Message.ticket).where(Message.id == message_id)
    message = session.scalars(query.where(sees_ticket(standing), sees_message(standing))).one_or_none()
    if message is None:
        raise NotFound
    return message


def get_attachment(session: Session, standing: Standing, attachment_id: int) -> Attachment:
    """The attachment, when its message may be read. Raises NotFound."""
    if not 0 < attachment_id <= LARGEST_ID:
        raise NotFound
    query = (
        select(Attachment)
        .join(Attachment.message)
        .join(Message.ticket)
        .where(Attachment.id == attachment_id, sees_ticket(standing), sees_message(standing))
    )
    attachment = session.scalars(query).one_or_none()
    if attachment is None:
        raise NotFound
    return attachment
