"""Two tickets become one conversation, or a message a ticket of its own.

What was written stays where it was written; a merged ticket's later replies follow to the surviving one, whose page
shows both conversations. Nothing of one customer becomes visible to another by it.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import aliased

from app.access import Standing, may_see, sees_message, sees_ticket
from app.access.net import BEYOND
from app.desk import levels
from app.desk.ends import forget_follow_up, stop_closing
from app.desk.errors import DeskError
from app.desk.relations import same_side
from app.desk.states import first_of
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.mention import Mention
from app.models.ticket import Message, Participant, StateKind, Ticket
from app.models.ticket_link import LinkKind, TicketLink
from app.models.types import utc_now

LONGEST_CHAIN = 20


class MergedAlready(DeskError):
    sentence = _l("One of these tickets was merged into another one already. Use the surviving ticket.")


class MergedIntoItself(DeskError):
    sentence = _l("A ticket cannot be merged into itself. Write the number of another one.")


class DifferentCustomers(DeskError):
    sentence = _l(
        "These tickets belong to different customers, or one of them is confidential. Merging would show one customer"
        " what the other wrote; link them instead."
    )


class MergedAway(DeskError):
    sentence = _l("This ticket was merged into another one and stays closed. Use the surviving ticket.")


def merge(ticket: Ticket, *, into: Ticket, by: Account) -> None:
    """Close the ticket; its conversation goes on in the other one, and so do later replies. Raises DeskError."""
    if ticket is into:
        raise MergedIntoItself
    if survivor_of(ticket) is not ticket or survivor_of(into) is not into:
        raise MergedAlready
    if not same_side(ticket, into):
        raise DifferentCustomers
    before, after, now = ticket.state, first_of(StateKind.CLOSED), utc_now()
    stop_closing(ticket)
    forget_follow_up(ticket)
    ticket.enter(after)
    ticket.closed_at = ticket.updated_at = into.updated_at = now
    levels.moved(ticket, before.kind, now)
    db.session.add(TicketLink(from_ticket=ticket, to_ticket=into, kind=LinkKind.MERGED))
    _let_in(into, ticket.requester)
    db.session.execute(update(Mention).where(Mention.ticket_id == ticket.id).values(ticket_id=into.id))
    record(
        ticket,
        EventKind.MERGED,
        by=by,
        other=into.id,
        number=into.number,
        before=before.code,
        after=after.code,
    )
    record(into, EventKind.TOOK_IN, by=by, other=ticket.id, number=ticket.number)


def survivor_of(ticket: Ticket, *, lock: bool = False) -> Ticket:
    """The ticket in which this one's conversation goes on; itself where it was never merged.

    Only closed tickets are asked about: a merged one stays so.
    """
    for _step in range(LONGEST_CHAIN):
        if ticket.state.kind != StateKind.CLOSED:
            break
        db.session.flush()
        query = (
            select(Ticket)
            .join(TicketLink, TicketLink.to_id == Ticket.id)
            .where(TicketLink.from_id == ticket.id, TicketLink.kind == LinkKind.MERGED)
        )
        if lock:
            query = query.with_for_update(of=Ticket).execution_options(populate_existing=True)
        found = db.session.scalars(query, execution_options=BEYOND).one_or_none()
        if found is None:
            break
        ticket = found
    return ticket


def check_goes_on(ticket: Ticket, by: Account) -> None:
    """Who answers must see where the conversation goes on. Raises MergedAway: perhaps another product group took it."""
    into = survivor_of(ticket)
    if into is not ticket and not may_see(db.session(), by, into):
        raise MergedAway


def conversation_of(ticket: Ticket, standing: Standing) -> Select[Message]:
    """What was written in the ticket and in those that were merged into it, as far as this account may read it."""
    return (
        select(Message)
        .join(Message.ticket)
        .where(_belongs_to(ticket), sees_ticket(standing), sees_message(standing))
        .order_by(Message.arrived_at, Message.id)
    )


def newer_in(ticket: Ticket, standing: Standing, last: int) -> int:
    """How many messages of the conversation came after that one."""
    newer = conversation_of(ticket, standing).where(Message.id > last).order_by(None).subquery()
    return db.session.scalar(select(func.count(newer.c.id))) or 0


def _belongs_to(ticket: Ticket) -> ColumnElement[bool]:
    """Messages of the ticket, of those merged into it, and of those merged into these."""
    ids = select(TicketLink.from_id).where(TicketLink.kind == LinkKind.MERGED)
    merged = ids.where(TicketLink.to_id == ticket.id).cte("merged", recursive=True)
    deeper = aliased(TicketLink)
    merged = merged.union(
        select(deeper.from_id).join(merged, deeper.to_id == merged.c.from_id).where(deeper.kind == LinkKind.MERGED)
    )
    return or_(Message.ticket_id == ticket.id, Message.ticket_id.in_(select(merged.c.from_id)))


def _let_in(ticket: Ticket, account: Account) -> None:
    """Who reported the merged ticket takes part in the surviving one."""
    known = select(Participant.id).where(Participant.ticket_id == ticket.id, Participant.account_id == account.id)
    if account.id != ticket.requester_id and db.session.scalar(known) is None:
        db.session.add(Participant(ticket_id=ticket.id, account_id=account.id))
