"""A search as a person or a program asks for it. Hits pass the access rule again before anything of them is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from app.access import Standing, search_terms, sees_message, sees_ticket
from app.events.wake import ask_for
from app.extensions import db
from app.models.ticket import Message, Ticket
from app.search.analysis import terms, words
from app.search.document import COUNT_LIMIT, Question
from app.search.engine import IndexDamaged, engine
from app.search.parse import parse

EXCERPT = 240
MOST_MESSAGES = 200
Piece = tuple[str, bool]  # text, and whether it matched


@dataclass(frozen=True)
class Hit:
    """A ticket that the asker may see, with its subject and the best passage of it in pieces."""

    ticket: Ticket
    score: float
    title: list[Piece]
    excerpt: list[Piece]


@dataclass(frozen=True)
class Answer:
    """`provisional`: the index is being rebuilt, only subjects were searched."""

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    suggestion: str | None = None
    provisional: bool = False


def find(text: str, standing: Standing, *, filters: Mapping[str, str], page: int = 1, limit: int = 10) -> Answer:
    """What this account may see of what it seeks, best first."""
    question = Question(text, search_terms(standing), standing.is_staff, filters, page, limit)
    try:
        found = engine().search(question)
    except IndexDamaged:
        ask_for(current_app.extensions["redis"], "rebuild_search")
        return _from_database(question, standing)
    tickets = _load(Ticket.id.in_([ticket_id for ticket_id, _score in found.hits]), standing)
    texts = _texts(list(tickets), standing)
    hits = [
        Hit(
            tickets[ticket_id],
            score,
            marked(tickets[ticket_id].subject, found.terms),
            _best(texts.get(ticket_id, []), found.terms),
        )
        for ticket_id, score in found.hits
        if ticket_id in tickets
    ]
    return Answer(hits, found.count, found.facets, found.suggestion)


def _from_database(question: Question, standing: Standing) -> Answer:
    """Subjects only, while there is no index: few rows, never a wrong one."""
    parsed = parse(question.text)
    sought = [word.text for word in parsed.words]
    if not sought:
        return Answer(provisional=True)
    clause = and_(*(Ticket.subject.icontains(word, autoescape=True) for word in sought))
    tickets = _load(clause, standing, limit=question.limit, offset=(question.page - 1) * question.limit)
    matching = frozenset(term for word in sought for term in terms(word, None))
    hits = [Hit(ticket, 0.0, marked(ticket.subject, matching), []) for ticket in tickets.values()]
    return Answer(hits, len(hits), provisional=True)


def _load(
    clause: ColumnElement[bool], standing: Standing, *, limit: int = COUNT_LIMIT, offset: int = 0
) -> dict[int, Ticket]:
    query = (
        select(Ticket)
        .where(clause, sees_ticket(standing))
        .options(joinedload(Ticket.product_group), joinedload(Ticket.state), joinedload(Ticket.requester))
        .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return {ticket.id: ticket for ticket in db.session.scalars(query).unique()}


def _texts(ticket_ids: list[int], standing: Standing) -> dict[int, list[str]]:
    """The words of each ticket that this account may read."""
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
    return found


def _best(texts: list[str], sought: frozenset[str]) -> list[Piece]:
    """The passage with most of the sought words; the beginning where none has any."""
    best, most = (texts[0][:EXCERPT] if texts else ""), 0
    for text in texts:
        places = [word.start for word in words(text[:20_000]) if sought & terms(word.text, None).keys()]
        for place in places[:20]:
            around = sum(place <= other < place + EXCERPT for other in places)
            if around > most:
                start = max(0, place - EXCERPT // 4)
                best, most = text[start : start + EXCERPT], around
    return marked(best, sought)


def marked(text: str, sought: frozenset[str]) -> list[Piece]:
    """The text in pieces, those that match a sought term marked."""
    pieces: list[Piece] = []
    end = 0
    for word in words(text):
        if sought & terms(word.text, None).keys():
            pieces += [(text[end : word.start], False), (text[word.start : word.end], True)]
            end = word.end
    pieces.append((text[end:], False))
    return [piece for piece in pieces if piece[0]]
