"""The index as a table beside the tickets: every web and worker host reads and writes the same one."""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Float,
    Text,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, insert

from app.events.transaction import transaction
from app.extensions import db
from app.models.search import search_document as document_table
from app.models.search import search_index as index_table
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.search.analysis import ANALYSIS
from app.search.document import COUNT_LIMIT, Document, Found, Question
from app.search.engine import IndexDamaged
from app.search.parse import parse
from app.search.plan import Plan, plan
from app.search.postgresql import vectors

BATCH = 200
FACETS = ("status", "product_group")
NUMBER_RANK = 100.0


class PostgresqlEngine:
    """Stateless but for one memory: that the index was once seen whole."""

    def __init__(self) -> None:
        self.was_whole = False

    def write(self, documents: Iterable[Document], gone: Iterable[int] = ()) -> None:
        if not self.is_healthy():
            raise IndexDamaged("The search index was never built by this version.")
        with transaction():
            db.session.execute(delete(document_table).where(document_table.c.ticket_id.in_(list(gone))))
            _upsert(list(documents))

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Old rows go on answering until their new ones replace them; killed halfway it counts as not built."""
        count = 0
        with transaction():
            db.session.execute(delete(index_table))
        waiting = iter(documents)
        while batch := list(itertools.islice(waiting, BATCH)):
            with transaction():
                _upsert(batch)
            count += len(batch)
        with transaction():
            db.session.execute(delete(document_table).where(document_table.c.analysis != ANALYSIS))
            db.session.execute(
                insert(index_table).values(analysis=ANALYSIS, built_at=utc_now()).on_conflict_do_nothing()
            )
        return count

    def is_healthy(self) -> bool:
        if not self.was_whole:
            whole = select(exists().where(index_table.c.analysis == ANALYSIS))
            self.was_whole = bool(db.session.scalar(whole)) and not _is_emptied()
        return self.was_whole

    def search(self, question: Question) -> Found:
        if not self.is_healthy():
            raise IndexDamaged("The search index was never built by this version.")
        wanted = plan(parse(question.text))
        if wanted.is_empty or question.allowed == frozenset():
            return Found()
        rows = db.session.execute(_statement(question, wanted)).all()
        found = Found(
            hits=tuple((int(key), float(value)) for kind, key, value in rows if kind == "hit"),
            count=int(sum(value for kind, _key, value in rows if kind == FACETS[0])),
            facets={name: {key: int(value) for kind, key, value in rows if kind == name} for name in FACETS},
            terms=wanted.marks,
        )
        if not found.count and _is_emptied():
            self.was_whole = False
            raise IndexDamaged("The search index was emptied.")
        return found

    def with_any(self, terms: frozenset[str], question: Question, limit: int) -> tuple[int, ...]:
        vector = _vector(question)
        clause = vector.bool_op("@@")(_query(vectors.any_of(sorted(terms))))
        found = select(document_table.c.ticket_id).where(clause, *_narrowing(question)).limit(limit)
        return tuple(db.session.scalars(found))


def _upsert(documents: list[Document]) -> None:
    """A ticket that was erased meanwhile has no row to hang on, so it is left out."""
    ids = [document.id for document in documents]
    known = set(db.session.scalars(select(Ticket.id).where(Ticket.id.in_(ids))))
    rows = [_row(document) for document in documents if document.id in known]
    if rows:
        statement = insert(document_table)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "ticket_id"}
        db.session.execute(statement.on_conflict_do_update(index_elements=["ticket_id"], set_=changed), rows)


def _row(document: Document) -> dict[str, Any]:
    spoken = vectors.vector(document, notes=False)
    return {
        "ticket_id": document.id,
        "number": document.number,
        "status": document.status,
        "product_group": document.product_group,
        "access": sorted(document.access),
        "spoken": spoken,
        "whole": vectors.vector(document, notes=True) if document.internal else spoken,
        "analysis": ANALYSIS,
    }


def _is_emptied() -> bool:
    none_kept = ~exists(select(document_table.c.ticket_id))
    return bool(db.session.scalar(select(and_(none_kept, exists(select(Ticket.id))))))


def _statement(question: Question, wanted: Plan) -> CompoundSelect[Any]:
    """Hits and facets in one: at most COUNT_LIMIT documents, the newest, are ranked and counted."""
    columns = document_table.c
    matching = (
        select(columns.ticket_id, columns.status, columns.product_group, _rank(question, wanted).label("rank"))
        .where(_matches(question, wanted), *_narrowing(question))
        .order_by(columns.ticket_id.desc())
        .limit(COUNT_LIMIT)
        .cte("matching")
    )
    page = (
        select(literal("hit").label("kind"), cast(matching.c.ticket_id, Text).label("key"), matching.c.rank)
        .order_by(matching.c.rank.desc(), matching.c.ticket_id.desc())
        .limit(question.limit)
        .offset((question.page - 1) * question.limit)
        .subquery()
    )
    facets = [
        select(literal(name), cast(matching.c[name], Text), cast(func.count(), Float)).group_by(matching.c[name])
        for name in FACETS
    ]
    return union_all(select(page.c.kind, page.c.key, page.c.rank), *facets)


def _matches(question: Question, wanted: Plan) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = []
    if wanted.groups:
        text = vectors.loose(wanted) if question.any_word else vectors.strict(wanted)
        found.append(_vector(question).bool_op("@@")(_query(text)))
    if wanted.number is not None:
        found.append(document_table.c.number == wanted.number)
    clause = or_(*found)
    if wanted.without:
        clause = and_(clause, not_(_vector(question).bool_op("@@")(_query(vectors.without(wanted)))))
    return clause


def _narrowing(question: Question) -> list[ColumnElement[bool]]:
    """The asker's reach and filters."""
    clauses = [document_table.c[name] == value for name, value in question.filters.items() if value]
    if question.allowed is not None:
        clauses.append(
            document_table.c.access.op("&&", is_comparison=True)(cast(sorted(question.allowed), ARRAY(Text)))
        )
    return clauses


def _rank(question: Question, wanted: Plan) -> ColumnElement[float]:
    """The named ticket first; then those with more of what is sought, and words as typed above their other forms."""
    vector = _vector(question)
    rank: ColumnElement[float] = literal(0.0, Float)
    if wanted.groups:
        rank = func.ts_rank(vector, _query(vectors.loose(wanted)), 1) + func.ts_rank(
            vector, _query(vectors.surest(wanted)), 1
        )
        if question.any_word:
            held = [case((vector.bool_op("@@")(_query(group)), 1.0), else_=0.0) for group in vectors.groups(wanted)]
            rank = functools.reduce(operator.add, held, rank)
    if wanted.number is not None:
        rank = rank + case((document_table.c.number == wanted.number, NUMBER_RANK), else_=0.0)
    return cast(rank, Float)


def _vector(question: Question) -> ColumnElement[Any]:
    return document_table.c.whole if question.internal else document_table.c.spoken


def _query(text: str) -> ColumnElement[Any]:
    return cast(literal(text, Text), TSQUERY)
