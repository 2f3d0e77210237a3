"""Tickets that belong together: what each side is to the other, and which others somebody may know of."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.access import Standing, sees_ticket
from app.desk.errors import DeskError
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.ticket import Ticket
from app.models.ticket_link import LinkKind, TicketLink

# What people may say of two tickets; the other kinds are said by acts.
CHOSEN = (LinkKind.DUPLICATE, LinkKind.CAUSE, LinkKind.PARENT)


ELSEWHERE = {EventKind.LINKED: EventKind.LINKED_ELSEWHERE, EventKind.UNLINKED: EventKind.UNLINKED_ELSEWHERE}


class LinkedToItself(DeskError):
    sentence = _l("A ticket cannot be linked to itself. Write the number of another one.")


class LinkedAlready(DeskError):
    sentence = _l("These two tickets are linked like that already.")


class NotLinked(DeskError):
    sentence = _l("These two tickets are not linked like that.")


@dataclass(frozen=True)
class Relation:
    """Another ticket, and what this one is to it; `backwards`: what the other one is to this."""

    kind: LinkKind
    backwards: bool
    other: Ticket


def link(ticket: Ticket, other: Ticket, kind: LinkKind, *, by: Account | None) -> None:
    """Say what the ticket is to the other one; both histories tell it. Raises LinkedToItself, LinkedAlready."""
    if ticket is other:
        raise LinkedToItself
    db.session.flush()
    if _between(ticket, other, kind) is not None:
        raise LinkedAlready
    db.session.add(TicketLink(from_ticket=ticket, to_ticket=other, kind=kind))
    _tell(EventKind.LINKED, ticket, other, kind, by)


def unlink(ticket: Ticket, other: Ticket, kind: LinkKind, *, by: Account) -> None:
    """Take that back. Raises NotLinked."""
    found = _between(ticket, other, kind)
    if found is None or kind not in CHOSEN:
        raise NotLinked
    db.session.delete(found)
    _tell(EventKind.UNLINKED, *((ticket, other) if found.from_id == ticket.id else (other, ticket)), kind, by)


def relations_of(ticket: Ticket, standing: Standing) -> list[Relation]:
    """The other tickets that this account may know of, in one statement."""
    query = (
        select(TicketLink, Ticket)
        .join(Ticket, or_(Ticket.id == TicketLink.to_id, Ticket.id == TicketLink.from_id))
        .where(
            or_(TicketLink.from_id == ticket.id, TicketLink.to_id == ticket.id),
            Ticket.id != ticket.id,
            sees_ticket(standing),
        )
        .options(joinedload(Ticket.state))
        .order_by(TicketLink.id)
    )
    rows = db.session.execute(query).all()
    return [Relation(LinkKind(row.kind), row.to_id == ticket.id, other) for row, other in rows]


def _between(ticket: Ticket, other: Ticket, kind: LinkKind) -> TicketLink | None:
    """The link of that kind, whichever side it was said from."""
    query = select(TicketLink).where(
        TicketLink.kind == kind,
        TicketLink.from_id.in_((ticket.id, other.id)),
        TicketLink.to_id.in_((ticket.id, other.id)),
    )
    return db.session.scalars(query).first()


def _tell(event: EventKind, ticket: Ticket, other: Ticket, kind: LinkKind, by: Account | None) -> None:
    if not same_side(ticket, other):
        event = ELSEWHERE[event]
    for one, two, backwards in ((ticket, other, False), (other, ticket, True)):
        record(one, event, by=by, link=kind, other=two.id, number=two.number, backwards=backwards)


def same_side(one: Ticket, other: Ticket) -> bool:
    """Whether those who read one may read the other: the same person's, or the same company's open to all of it."""
    if one.requester_id == other.requester_id:
        return one.organisation_id == other.organisation_id and one.confidential == other.confidential
    shared = one.organisation_id is not None and one.organisation_id == other.organisation_id
    return shared and not one.confidential and not other.confidential
