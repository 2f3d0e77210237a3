"""Found rows as somebody may see them: each passes the access rule again before anything of it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, undefer

from app.access import Standing, sees_message, sees_ticket
from app.content.markdown import as_text
from app.content.reading import texts_of
from app.extensions import db
from app.models.entry import PublishedText
from app.models.ticket import Attachment, Message, Ticket
from app.search.attached import words_of
from app.search.document import ENTRY, TICKET, Found, Key
from app.search.marking import Piece, marked, matches, passage

MOST_MESSAGES = 200


@dataclass(frozen=True)
class Hit:
    """A ticket or a text that the asker may see, with its title and the best passage of it in pieces."""

    key: Key
    score: float
    title: list[Piece]
    excerpt: list[Piece]
    ticket: Ticket | None = None
    text: PublishedText | None = None

    @property
    def kind(self) -> str:
        return self.text.variant.entry.type_code if self.text else TICKET


def hits_of(found: Found, standing: Standing | None, language: str) -> list[Hit]:
    """What of it this account may see, in the order in which it was found; entries in the language if they can be."""
    ids = {source: [key.id for key, _score in found.hits if key.source == source] for source in (TICKET, ENTRY)}
    tickets = load_tickets(Ticket.id.in_(ids[TICKET]), standing, limit=len(ids[TICKET])) if ids[TICKET] else {}
    messages = visible_texts(list(tickets), standing)
    texts = texts_of(standing, ids[ENTRY], language) if ids[ENTRY] else {}
    hits = []
    for key, score in found.hits:
        if key.source == TICKET and key.id in tickets:
            hits.append(ticket_hit(tickets[key.id], messages, found.terms, score))
        elif key.source == ENTRY and key.id in texts:
            hits.append(text_hit(texts[key.id], found.terms, score))
    return hits


def ticket_hit(ticket: Ticket, messages: Mapping[int, list[str]], terms: frozenset[str], score: float = 0.0) -> Hit:
    """`messages` are those of each ticket that the asker may read."""
    excerpt = passage(messages.get(ticket.id, []), terms)
    return Hit(Key(TICKET, ticket.id), score, marked(ticket.subject, terms), excerpt, ticket=ticket)


def text_hit(texts: list[PublishedText], terms: frozenset[str], score: float = 0.0) -> Hit:
    """The first of an entry's texts that has any of the words; the first where none has."""
    said = [(text, as_text(text.body)) for text in texts]
    having = (pair for pair in said if matches(f"{pair[0].title}\n{pair[0].summary}\n{pair[1]}", terms))
    text, body = next(having, said[0])
    key = Key(ENTRY, text.variant.entry_id)
    return Hit(key, score, marked(text.title, terms), passage([text.summary, body], terms), text=text)


def load_tickets(
    clause: ColumnElement[bool], standing: Standing | None, *, limit: int, offset: int = 0
) -> dict[int, Ticket]:
    """Those that this account may see, the newest first."""
    if standing is None:
        return {}
    query = (
        select(Ticket)
        .where(clause, sees_ticket(standing))
        .options(joinedload(Ticket.product_group), joinedload(Ticket.state), joinedload(Ticket.requester))
        .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return {ticket.id: ticket for ticket in db.session.scalars(query).unique()}


def visible_texts(ticket_ids: list[int], standing: Standing | None) -> dict[int, list[str]]:
    """The words of each ticket that this account may read, those of files last."""
    if standing is None or not ticket_ids:
        return {}
    query = (
        select(Message.ticket_id, Message.text)
        .join(Message.ticket)
        .where(Message.ticket_id.in_(ticket_ids), sees_ticket(standing), sees_message(standing))
        .order_by(Message.id)
        .limit(MOST_MESSAGES)
    )
    found: dict[int, list[str]] = {}
    for ticket_id, text in db.session.execute(query):
        found.setdefault(ticket_id, []).append(text)
    files = (
        select(Message.ticket_id, Attachment)
        .options(undefer(Attachment.words))
        .join(Attachment.message)
        .join(Message.ticket)
        .where(Message.ticket_id.in_(ticket_ids), sees_ticket(standing), sees_message(standing))
        .order_by(Attachment.id)
        .limit(MOST_MESSAGES)
    )
    for ticket_id, file in db.session.execute(files):
        found.setdefault(ticket_id, []).append(words_of([file]))
    return found
