"""Search while there is no index: words as typed, in the newest rows only, so that nobody waits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, or_, select, true

from app.access import Standing, sees_message, sees_text, sees_ticket
from app.content.reading import texts_of
from app.extensions import db
from app.models.entry import Entry, PublishedText, Variant, entry_group
from app.models.ticket import Message, Ticket
from app.search.document import ENTRY, TICKET, Question, several
from app.search.hits import Hit, load_tickets, text_hit, ticket_hit, visible_texts
from app.search.in_time import TimeIsOver, in_time
from app.search.parse import parse
from app.search.plan import Plan, plan

MOST_SCANNED = 5_000


def from_database(question: Question, standing: Standing | None, language: str) -> tuple[list[Hit], bool]:
    """A page of what this account may see, entries first, then tickets, the newest of each; and was time too short?"""
    parsed = parse(question.text)
    wanted = plan(parsed)
    spoken = [word.text for word in parsed.words]
    if wanted.is_empty and not question.anything:
        return [], False
    start, end = (question.page - 1) * question.limit, question.page * question.limit
    hits: list[Hit] = []
    try:
        with in_time(question.until):
            entries = _entries(question, wanted, spoken, standing, language, end)
        hits += entries[start:end]
        room = end - max(start, len(entries))
        if room > 0:
            with in_time(question.until):
                hits += _tickets(question, wanted, spoken, standing, room, max(0, start - len(entries)))
    except TimeIsOver:
        return hits, True
    return hits, False


def _tickets(
    question: Question, wanted: Plan, spoken: list[str], standing: Standing | None, limit: int, offset: int
) -> list[Hit]:
    filters = question.filters
    kinds = several(filters.get("kind", ()))
    if standing is None or filters.get("source", TICKET) != TICKET or (kinds and TICKET not in kinds):
        return []
    clauses: list[ColumnElement[bool]] = []
    if spoken:
        subject = and_(*(Ticket.subject.icontains(word, autoescape=True) for word in spoken))
        written = exists().where(
            Message.ticket_id == Ticket.id,
            sees_message(standing),
            *(Message.text.icontains(word, autoescape=True) for word in spoken),
        )
        newest = select(Ticket.id).where(sees_ticket(standing)).order_by(Ticket.updated_at.desc()).limit(MOST_SCANNED)
        clauses.append(and_(Ticket.id.in_(newest), or_(subject, written)))
    if wanted.number is not None:
        clauses.append(Ticket.number == wanted.number)
    wished = [or_(*clauses)] if clauses else []
    tickets = load_tickets(and_(true(), *wished, *_narrowing(question)), standing, limit=limit, offset=offset)
    texts = visible_texts(list(tickets), standing)
    return [ticket_hit(ticket, texts, wanted.marks) for ticket in tickets.values()]


def _narrowing(question: Question) -> list[ColumnElement[bool]]:
    """The filters, in the columns of tickets."""
    columns: dict[str, Any] = {
        "status": Ticket.status,
        "languages": Ticket.language,
        "product_groups": cast(Ticket.product_group_id, String),
        "authors": cast(Ticket.requester_id, String),
    }
    clauses = [
        columns[name].in_(several(values)) for name, values in question.filters.items() if name in columns and values
    ]
    clauses += [columns[name].not_in(several(values)) for name, values in question.barred.items() if name in columns]
    months = several(question.filters.get("dates", ()))
    if months:
        clauses.append(or_(*(_within(Ticket.arrived_at, month) for month in months)))
    return clauses


def _within(column: Any, month: str) -> ColumnElement[bool]:
    """Whether a moment lies in the month or year."""
    year, _dash, number = month.partition("-")
    first = datetime(int(year), int(number or 1), 1, tzinfo=UTC)
    end = (
        datetime(first.year + 1, 1, 1, tzinfo=UTC)
        if not number or number == "12"
        else first.replace(month=first.month + 1)
    )
    return and_(column >= first, column < end)


def _entries(
    question: Question, wanted: Plan, spoken: list[str], standing: Standing | None, language: str, limit: int
) -> list[Hit]:
    filters = question.filters
    if not (spoken or question.anything) or filters.get("status") or filters.get("authors"):
        return []
    if filters.get("source", ENTRY) != ENTRY:
        return []
    said = PublishedText.title + "\n" + PublishedText.summary + "\n" + PublishedText.body
    clauses = [sees_text(standing), *(said.icontains(word, autoescape=True) for word in spoken)]
    columns: dict[str, Any] = {"kind": Entry.type_code, "languages": Variant.language}
    clauses += [columns[name].in_(several(values)) for name, values in filters.items() if name in columns and values]
    if groups := several(filters.get("product_groups", ())):
        about = select(entry_group.c.entry_id).where(cast(entry_group.c.product_group_id, String).in_(groups))
        clauses.append(Entry.id.in_(about))
    if months := several(filters.get("dates", ())):
        clauses.append(or_(*(_within(PublishedText.published_at, month) for month in months)))
    query = select(Variant.entry_id).join(Variant.published).join(Variant.entry).where(*clauses)
    ids = list(dict.fromkeys(db.session.scalars(query.order_by(PublishedText.published_at.desc()).limit(2 * limit))))
    texts = texts_of(standing, ids, language)
    return [text_hit(texts[row_id], wanted.marks) for row_id in ids if row_id in texts][:limit]
