"""From the database into the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.access import document_terms
from app.events.outbox import Item
from app.events.wake import ask_for
from app.extensions import db
from app.models.event import Event
from app.models.organisation import Departure
from app.models.ticket import MessageKind, Participant, Ticket
from app.search.document import Document
from app.search.engine import IndexDamaged, engine

CHUNK = 500
SMALL = 2_000


def perform(items: list[Item]) -> Mapping[int, Exception | None]:
    """Bring the tickets of these events up to date in one commit of the index; twice does no harm."""
    ids = list(
        db.session.scalars(select(Event.ticket_id).where(Event.id.in_([item.event_id for item in items])).distinct())
    )
    try:
        engine().write(documents([ticket_id for ticket_id in ids if ticket_id]))
    except IndexDamaged:
        _mend()
    return {item.id: None for item in items}


def _mend() -> None:
    """Make a small index anew at once; leave a large one to the queue of long jobs. Raises IndexDamaged then."""
    if db.session.scalars(select(Ticket.id).offset(SMALL).limit(1)).first() is not None:
        ask_for(current_app.extensions["redis"], "rebuild_search")
        raise IndexDamaged("The search index is being rebuilt.")
    engine().rebuild(every_document())


def documents(ticket_ids: Sequence[int]) -> list[Document]:
    """These tickets as documents, in four statements."""
    query = (
        select(Ticket)
        .where(Ticket.id.in_(ticket_ids))
        .options(selectinload(Ticket.messages), joinedload(Ticket.product_group))
    )
    tickets = db.session.scalars(query).all()
    let_in: dict[int, set[int]] = {}
    rows = db.session.execute(
        select(Participant.ticket_id, Participant.account_id).where(Participant.ticket_id.in_(ticket_ids))
    )
    for ticket_id, account_id in rows:
        let_in.setdefault(ticket_id, set()).add(account_id)
    left = _left(tickets)
    return [
        _document(
            ticket, let_in.get(ticket.id, set()), requester_left=(ticket.requester_id, ticket.organisation_id) in left
        )
        for ticket in tickets
    ]


def _left(tickets: Iterable[Ticket]) -> set[tuple[int, int | None]]:
    """Which requester left which organisation."""
    query = select(Departure.account_id, Departure.organisation_id)
    query = query.where(Departure.account_id.in_({ticket.requester_id for ticket in tickets}))
    return {(account_id, organisation_id) for account_id, organisation_id in db.session.execute(query)}


def every_document() -> Iterator[Document]:
    """All tickets, in chunks by id, so that memory stays bounded."""
    last = 0
    while True:
        query = select(Ticket.id).where(Ticket.id > last).order_by(Ticket.id).limit(CHUNK)
        ids = list(db.session.scalars(query))
        if not ids:
            return
        yield from documents(ids)
        last = ids[-1]
        db.session.expunge_all()
        db.session.commit()


def _document(ticket: Ticket, participants: Iterable[int], *, requester_left: bool) -> Document:
    spoken = [message.text for message in ticket.messages if message.kind != MessageKind.NOTE]
    notes = [message.text for message in ticket.messages if message.kind == MessageKind.NOTE]
    return Document(
        id=ticket.id,
        number=ticket.number,
        title=ticket.subject,
        body="\n".join(spoken),
        internal="\n".join(notes),
        language=ticket.language,
        product_group=str(ticket.product_group_id),
        status=ticket.status,
        updated_at=ticket.updated_at,
        access=document_terms(ticket, frozenset(participants), requester_left=requester_left),
    )
