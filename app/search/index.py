"""From the database into the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from flask import current_app
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import document_terms, entry_terms
from app.content import markdown
from app.events.outbox import Item
from app.events.wake import ask_for
from app.extensions import db
from app.fields import as_text
from app.models import field_values
from app.models.definitions import published
from app.models.entry import Entry, Variant
from app.models.event import Event
from app.models.organisation import Departure
from app.models.ticket import Attachment, Message, MessageKind, Participant, Ticket
from app.search import pdf
from app.search.attached import words_of
from app.search.document import ENTRY, TICKET, Document, Key, months
from app.search.engine import IndexDamaged, engine

CHUNK = 500
SMALL = 2_000
TOLD_EVERY = 10_000
LET_IN = select(Participant.ticket_id, Participant.account_id).where(
    Participant.ticket_id.in_(bindparam("tickets", expanding=True))
)


def perform(items: list[Item]) -> Mapping[int, Exception | None]:
    """Bring what these items are about up to date in one commit of the index; twice does no harm."""
    events = [item.event_id for item in items if item.event_id is not None]
    query = select(Event.ticket_id).where(Event.id.in_(events)).distinct()
    tickets = [row_id for row_id in db.session.scalars(query) if row_id] if events else []
    try:
        write(tickets, {item.entry_id for item in items if item.entry_id is not None})
    except IndexDamaged:
        _mend()
    if pdf.is_waiting():
        ask_for(current_app.extensions["redis"], "read_files")
    return {item.id: None for item in items}


def write(ticket_ids: Iterable[int], entry_ids: Iterable[int]) -> None:
    """Put these as they are now into the index; entries that nobody reads any more leave it. Raises IndexDamaged."""
    entries = list(entry_ids)
    told = entry_documents(entries)
    gone = {Key(ENTRY, row_id) for row_id in entries} - {document.key for document in told}
    engine().write([*documents(list(ticket_ids)), *told], gone)


def _mend() -> None:
    """Make a small index anew at once; leave a large one to the queue of long jobs. Raises IndexDamaged then."""
    if db.session.scalars(select(Ticket.id).offset(SMALL).limit(1)).first() is not None:
        ask_for(current_app.extensions["redis"], "rebuild_search")
        raise IndexDamaged("The search index is being rebuilt.")
    anew()


def anew(*, told: Callable[[int], None] = lambda _count: None) -> int:
    """Index every entry and ticket; then once more what may have changed since that began. Answers how many there are.

    What was killed goes on where it stopped.
    """
    done = engine().rebuild(lambda after: _counted(every_document(after), told))
    changed = list(db.session.scalars(select(Ticket.id).where(Ticket.updated_at >= done.begun)))
    for start in range(0, len(changed), CHUNK):
        write(changed[start : start + CHUNK], ())
    entries = list(db.session.scalars(select(Entry.id)))  # Nothing tells which of them changed; they are few.
    for start in range(0, len(entries), CHUNK):
        write((), entries[start : start + CHUNK])
    return done.count


def _counted(every: Iterable[Document], told: Callable[[int], None]) -> Iterator[Document]:
    for number, document in enumerate(every, start=1):
        yield document
        if number % TOLD_EVERY == 0:
            told(number)


def documents(ticket_ids: Sequence[int]) -> list[Document]:
    """These tickets as documents, in five statements."""
    if not ticket_ids:
        return []
    tickets = db.session.scalars(_with_messages(), {"tickets": ticket_ids}).all()
    let_in: dict[int, set[int]] = {}
    for ticket_id, account_id in db.session.execute(LET_IN, {"tickets": ticket_ids}):
        let_in.setdefault(ticket_id, set()).add(account_id)
    left = _left(tickets)
    return [
        _document(
            ticket, let_in.get(ticket.id, set()), requester_left=(ticket.requester_id, ticket.organisation_id) in left
        )
        for ticket in tickets
    ]


@cache
def _with_messages() -> Select[Ticket]:
    return (
        select(Ticket)
        .where(Ticket.id.in_(bindparam("tickets", expanding=True)))
        .options(
            selectinload(Ticket.messages).selectinload(Message.attachments).undefer(Attachment.words),
            joinedload(Ticket.product_group),
        )
    )


def _left(tickets: Iterable[Ticket]) -> set[tuple[int, int | None]]:
    """Which requester left which organisation."""
    query = select(Departure.account_id, Departure.organisation_id)
    query = query.where(Departure.account_id.in_({ticket.requester_id for ticket in tickets}))
    return {(account_id, organisation_id) for account_id, organisation_id in db.session.execute(query)}


def entry_documents(entry_ids: Sequence[int]) -> list[Document]:
    """Those of these entries that somebody may read, as documents."""
    if not entry_ids:
        return []
    query = (
        select(Entry)
        .where(Entry.id.in_(entry_ids), Entry.binned_at.is_(None), Entry.variants.any(Variant.published.has()))
        .options(
            selectinload(Entry.variants).joinedload(Variant.published),
            selectinload(Entry.groups),
            selectinload(Entry.organisations),
            selectinload(Entry.tags),
        )
        .execution_options(populate_existing=True)
    )
    return [_entry_document(entry) for entry in db.session.scalars(query)]


def _entry_document(entry: Entry) -> Document:
    """Its words in every language, so that it is found by whichever of them."""
    texts = [variant.published for variant in entry.variants if variant.published is not None]
    said = [f"{text.summary}\n{markdown.as_text(text.body)}" for text in texts]
    return Document(
        key=Key(ENTRY, entry.id),
        kind=entry.type_code,
        title="\n".join(text.title for text in texts),
        body="\n".join([*said, *(tag.name for tag in entry.tags)]),
        languages=tuple(variant.language for variant in entry.variants if variant.published is not None),
        product_groups=tuple(str(group.id) for group in entry.groups),
        dates=months(max(text.published_at for text in texts)),
        access=entry_terms(entry),
    )


def every_document(after: Key | None = None) -> Iterator[Document]:
    """All entries and tickets, or those after one, in chunks by id, so that memory stays bounded."""
    sources: tuple[tuple[str, type[Entry | Ticket], Callable[[Sequence[int]], list[Document]]], ...]
    sources = ((ENTRY, Entry, entry_documents), (TICKET, Ticket, documents))
    if after is not None and after.source == TICKET:
        sources = sources[1:]
    for source, model, made in sources:
        last = after.id if after is not None and after.source == source else 0
        while ids := list(db.session.scalars(select(model.id).where(model.id > last).order_by(model.id).limit(CHUNK))):
            yield from sorted(made(ids), key=lambda document: document.key.id)
            last = ids[-1]
            db.session.expunge_all()
            db.session.commit()


def _document(ticket: Ticket, participants: Iterable[int], *, requester_left: bool) -> Document:
    spoken = [message.text for message in ticket.messages if message.kind != MessageKind.NOTE]
    notes = [message.text for message in ticket.messages if message.kind == MessageKind.NOTE]
    spoken += _filled(ticket, {"customer", "consultant"})
    spoken.append(_attached(ticket, notes=False))
    notes.append(_attached(ticket, notes=True))
    notes += [text for text in _filled(ticket, {"consultant"}) if text not in spoken]
    return Document(
        key=Key(TICKET, ticket.id),
        kind=TICKET,
        number=ticket.number,
        title=ticket.subject,
        body="\n".join(filter(None, spoken)),
        internal="\n".join(filter(None, notes)),
        languages=(ticket.language,) if ticket.language else (),
        product_groups=(str(ticket.product_group_id),),
        status=ticket.status,
        authors=(str(ticket.requester_id),),
        dates=months(ticket.arrived_at),
        access=document_terms(ticket, frozenset(participants), requester_left=requester_left),
    )


def _attached(ticket: Ticket, *, notes: bool) -> str:
    """What the files of its notes, or of its other messages, are found by."""
    those = [message for message in ticket.messages if (message.kind == MessageKind.NOTE) is notes]
    return words_of(file for message in those for file in message.attachments)


def _filled(ticket: Ticket, readers: set[str]) -> list[str]:
    """The fields that are found by search and that all of these readers read, in both languages.

    What only some of the desk read stands nowhere: the index knows but two kinds of readers.
    """
    values = field_values.values(ticket)
    fields = [
        each
        for each in published(db.session()).of("ticket", ticket.product_group_id)
        if each.searchable and each.id in values and (not each.read_by or readers <= set(each.read_by))
    ]
    return [as_text(each, values[each.id], language) for each in fields for language in ("pl", "en")]
