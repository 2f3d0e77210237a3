"""A search as a person or a program asks for it. Hits pass the access rule again before anything of them is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import current_app
from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import joinedload

from app.access import Standing, search_terms, sees_message, sees_ticket
from app.events.wake import ask_for
from app.extensions import db
from app.models.ticket import Message, Ticket
from app.search.document import Found, Question
from app.search.engine import IndexDamaged, engine
from app.search.marking import Piece, marked, passage
from app.search.parse import parse
from app.search.plan import plan
from app.search.suggest import suggestion

MOST_MESSAGES = 200
MOST_SCANNED = 5_000  # tickets, while there is no index
FEW = 5  # Fewer hits than these with all of the words: those with some of them follow.


@dataclass(frozen=True)
class Hit:
    """A ticket that the asker may see, with its subject and the best passage of it in pieces."""

    ticket: Ticket
    score: float
    title: list[Piece]
    excerpt: list[Piece]


@dataclass(frozen=True)
class Answer:
    """`provisional`: the index is being rebuilt, the database was searched. `loose`: some hits lack some words."""

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    suggestion: str | None = None
    provisional: bool = False
    loose: bool = False


def find(text: str, standing: Standing, *, filters: Mapping[str, str], page: int = 1, limit: int = 10) -> Answer:
    """What this account may see of what it seeks, best first. `filters` as in Question."""
    question = Question(text, search_terms(standing), standing.is_staff, filters, page, limit)
    try:
        found, loose = _found(question)
        answer = _shown(found, standing)
        if not answer.hits and page == 1:
            answer = replace(answer, suggestion=suggestion(question, standing))
    except IndexDamaged:
        ask_for(current_app.extensions["redis"], "rebuild_search")
        return _from_database(question, standing)
    return replace(answer, loose=loose)


def _found(question: Question) -> tuple[Found, bool]:
    """What has all of the words; where that is little, also what has some of them. Filters do not decide which."""
    found = engine().search(question)
    wanted = plan(parse(question.text))
    if found.count >= FEW or len(wanted.groups) < 2 or wanted.phrases:
        return found, False
    looser = engine().search(replace(question, any_word=True))
    return looser, looser.count > found.count


def _shown(found: Found, standing: Standing) -> Answer:
    tickets = _load(Ticket.id.in_([ticket_id for ticket_id, _score in found.hits]), standing, limit=len(found.hits))
    texts = visible_texts(list(tickets), standing)
    hits = [
        Hit(
            tickets[ticket_id],
            score,
            marked(tickets[ticket_id].subject, found.terms),
            passage(texts.get(ticket_id, []), found.terms),
        )
        for ticket_id, score in found.hits
        if ticket_id in tickets
    ]
    late = len(found.hits) - len(hits)  # The index did not yet know that these are closed to the asker.
    return Answer(hits, found.count - late, {} if late else found.facets)


def _from_database(question: Question, standing: Standing) -> Answer:
    """While there is no index: words as typed, in the newest tickets only, so that nobody waits."""
    parsed = parse(question.text)
    wanted = plan(parsed)
    spoken = [word.text for word in parsed.words]
    if wanted.is_empty:
        return Answer(provisional=True)
    subject = and_(*(Ticket.subject.icontains(word, autoescape=True) for word in spoken))
    written = exists().where(
        Message.ticket_id == Ticket.id,
        sees_message(standing),
        *(Message.text.icontains(word, autoescape=True) for word in spoken),
    )
    newest = select(Ticket.id).where(sees_ticket(standing)).order_by(Ticket.updated_at.desc()).limit(MOST_SCANNED)
    clause = and_(Ticket.id.in_(newest), or_(subject, written)) if spoken else false()
    if wanted.number is not None:
        clause = or_(clause, Ticket.number == wanted.number)
    narrowing = _filters(question)
    start = (question.page - 1) * question.limit
    tickets = _load(and_(clause, *narrowing), standing, limit=question.limit, offset=start)
    texts = visible_texts(list(tickets), standing)
    hits = [
        Hit(ticket, 0.0, marked(ticket.subject, wanted.marks), passage(texts.get(ticket.id, []), wanted.marks))
        for ticket in tickets.values()
    ]
    return Answer(hits, start + len(hits), provisional=True)


def _filters(question: Question) -> list[ColumnElement[bool]]:
    status, group = question.filters.get("status"), question.filters.get("product_group", "")
    clauses: list[ColumnElement[bool]] = [Ticket.status == status] if status else []
    if group:
        clauses.append(Ticket.product_group_id == (int(group) if group.isdecimal() and len(group) < 10 else 0))
    return clauses


def _load(clause: ColumnElement[bool], standing: Standing, *, limit: int, offset: int = 0) -> dict[int, Ticket]:
    query = (
        select(Ticket)
        .where(clause, sees_ticket(standing))
        .options(joinedload(Ticket.product_group), joinedload(Ticket.state), joinedload(Ticket.requester))
        .order_by(Ticket.updated_at.desc(), Ticket.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return {ticket.id: ticket for ticket in db.session.scalars(query).unique()}


def visible_texts(ticket_ids: list[int], standing: Standing) -> dict[int, list[str]]:
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
