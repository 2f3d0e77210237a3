"""The index as a table beside the tickets: every web and worker host reads and writes the same one."""

from __future__ import annotations

import functools
import itertools
import operator
import time
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    Column,
    ColumnElement,
    CompoundSelect,
    Float,
    Select,
    Subquery,
    Text,
    and_,
    any_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
    union,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, REGCLASS, TSQUERY, insert

from app.access.net import BEYOND
from app.events.transaction import transaction
from app.extensions import db
from app.models.entry import Entry, PublishedText
from app.models.search import search_document as document_table
from app.models.search import search_index as index_table
from app.models.search import search_rebuild as rebuild_table
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.search.analysis import ANALYSIS
from app.search.document import (
    COUNT_LIMIT,
    ENTRY,
    FACETS,
    TICKET,
    Document,
    Documents,
    Found,
    Key,
    Progress,
    Question,
    Values,
    several,
)
from app.search.engine import IndexDamaged
from app.search.parse import parse
from app.search.plan import Plan, plan
from app.search.postgresql import vectors
from app.search.postgresql.budget import rows_in_time

BATCH = 200
RANKED = 1_000  # of the documents that were found; to rank one its vector is read and unpacked, some 25 µs each
OF_EACH, MOST_APART = 100, 6  # with some of the words: ranked of each word, and of how many words at most
NEWEST, NEWEST_SECONDS = 5_000, 1.0  # what is searched where searching everything takes too long
PREFERENCE = 0.02
KEPT_IN: dict[str, tuple[type[Ticket | Entry], Column[Any]]] = {
    TICKET: (Ticket, document_table.c.ticket_id),
    ENTRY: (Entry, document_table.c.entry_id),
}
SEVERAL = frozenset({"product_groups", "languages", "authors", "dates"})  # columns of several values
NUMBER_RANK = 100.0
COUNT = "count"  # the name of the row that tells how many were found


class PostgresqlEngine:
    """Stateless but for one memory: that the index was once seen whole."""

    def __init__(self) -> None:
        self.was_whole = False

    def write(self, documents: Iterable[Document], gone: Iterable[Key] = ()) -> None:
        if not self.is_healthy():
            raise IndexDamaged("The search index was never built by this version.")
        with transaction():
            removed = list(gone)
            for source, (_model, column) in KEPT_IN.items():
                db.session.execute(
                    delete(document_table).where(column.in_([k.id for k in removed if k.source == source]))
                )
            _upsert(list(documents))
            _sort_in()

    def rebuild(self, documents: Documents) -> Progress:
        """Old rows go on answering until their new ones replace them; killed halfway it counts as not built."""
        so_far = self.unfinished() or _begin()
        count = so_far.count
        waiting = iter(documents(so_far.reached))
        while batch := list(itertools.islice(waiting, BATCH)):
            count += len(batch)
            reached = batch[-1].key
            with transaction():
                _upsert(batch)
                db.session.execute(
                    update(rebuild_table).values(source=reached.source, row_id=reached.id, documents=count)
                )
        with transaction():
            db.session.execute(delete(document_table).where(document_table.c.analysis != ANALYSIS))
            db.session.execute(
                insert(index_table).values(analysis=ANALYSIS, built_at=utc_now()).on_conflict_do_nothing()
            )
            db.session.execute(delete(rebuild_table))
            _sort_in()
        return Progress(so_far.begun, count)

    def tidy(self) -> None:
        """The server does it by itself."""

    def unfinished(self) -> Progress | None:
        row = db.session.execute(select(rebuild_table).where(rebuild_table.c.analysis == ANALYSIS)).first()
        if row is None:
            return None
        return Progress(row.begun_at, row.documents, Key(row.source, row.row_id) if row.source else None)

    def is_healthy(self) -> bool:
        if not self.was_whole:
            whole = select(exists().where(index_table.c.analysis == ANALYSIS))
            self.was_whole = bool(db.session.scalar(whole)) and not _is_emptied()
        return self.was_whole

    def reopen(self) -> None:
        self.was_whole = False

    def search(self, question: Question) -> Found:
        if not self.is_healthy():
            raise IndexDamaged("The search index was never built by this version.")
        wanted = plan(parse(question.text), any_form=question.any_form)
        if (wanted.is_empty and not question.anything) or question.allowed == frozenset():
            return Found()
        rows = rows_in_time(_statement(question, wanted), question.until, by_index=question.any_word)
        partial = rows is None
        if rows is None:
            newest = _statement(question, wanted, newest=NEWEST)
            rows = rows_in_time(newest, time.monotonic() + NEWEST_SECONDS) or []
        counting = (COUNT,) if question.counted else tuple(KEPT_IN)
        found = Found(
            hits=tuple((Key(name, int(key)), float(value)) for name, key, value in rows if name in KEPT_IN),
            count=int(sum(value if question.counted else 1 for name, _key, value in rows if name in counting)),
            facets={each: {key: int(value) for name, key, value in rows if name == each and key} for each in FACETS},
            terms=wanted.marks,
            partial=partial,
        )
        if not found.count and _is_emptied():
            self.was_whole = False
            raise IndexDamaged("The search index was emptied.")
        return found

    def with_any(self, terms: frozenset[str], question: Question, limit: int) -> tuple[Key, ...]:
        """Term by term: hundreds in one query would be compared with every document within reach."""
        sought = cast([vectors.quoted_or_begun(term) for term in sorted(terms)], ARRAY(TSQUERY))
        each = func.unnest(sought).table_valued("term").render_derived()
        holds = _vector(question).bool_op("@@")(each.c.term)
        some = select(document_table.c.source, _row_id().label("key")).where(holds, *_narrowing(question)).limit(limit)
        here = some.lateral()
        found = select(here.c.source, here.c.key).select_from(each).join(here, true()).limit(limit)
        return tuple(Key(*row) for row in rows_in_time(found, question.until, by_index=True) or ())


def _begin() -> Progress:
    begun = utc_now()
    with transaction():
        db.session.execute(delete(index_table))
        db.session.execute(delete(rebuild_table))
        db.session.execute(
            insert(rebuild_table).values(analysis=ANALYSIS, begun_at=begun, source="", row_id=0, documents=0)
        )
    return Progress(begun)


def _upsert(documents: list[Document]) -> None:
    """What was erased meanwhile has no row to hang on, so it is left out."""
    for source, (model, column) in KEPT_IN.items():
        ids = [document.key.id for document in documents if document.key.source == source]
        known = set(db.session.scalars(select(model.id).where(model.id.in_(ids)))) if ids else set()
        rows = [
            {column.name: document.key.id, **_row(document)}
            for document in documents
            if document.key.source == source and document.key.id in known
        ]
        if rows:
            statement = insert(document_table)
            changed = {name: statement.excluded[name] for name in rows[0] if name != column.name}
            db.session.execute(statement.on_conflict_do_update(index_elements=[column], set_=changed), rows)


def _sort_in() -> None:
    """Put what was written into the tree of each index now, not some 4 MB later: until then every word that is looked
    for is compared with all of it, which made "did you mean" ten times as slow."""
    for name in ("ix_search_document_spoken", "ix_search_document_whole"):
        db.session.execute(select(func.gin_clean_pending_list(cast(name, REGCLASS))))


def _row_id() -> ColumnElement[int]:
    return func.coalesce(document_table.c.ticket_id, document_table.c.entry_id)


def _row(document: Document) -> dict[str, Any]:
    spoken = vectors.vector(document, notes=False)
    return {
        "source": document.key.source,
        "kind": document.kind,
        "number": document.number,
        "status": document.status,
        "product_groups": list(document.product_groups),
        "languages": list(document.languages),
        "authors": list(document.authors),
        "dates": list(document.dates),
        "access": sorted(document.access),
        "spoken": spoken,
        "whole": vectors.vector(document, notes=True) if document.internal else spoken,
        "analysis": ANALYSIS,
    }


def _is_emptied() -> bool:
    none_kept = ~exists(select(document_table.c.id))
    any_written = or_(exists(select(Ticket.id)), exists(select(PublishedText.variant_id)))
    return bool(db.session.scalar(select(and_(none_kept, any_written)), execution_options=BEYOND))


def _statement(question: Question, wanted: Plan, *, newest: int = 0) -> CompoundSelect[Any]:
    """Hits, their number and facets in one: of one more than COUNT_LIMIT, the newest, all are counted, and the newest
    RANKED of these ranked; the others follow, the newest first. Where nothing is counted, as while somebody types, no
    more are looked for than are ranked; but within a reach, where the server would then go through all documents to
    find so few.

    With `newest` only so many are looked at.
    """
    columns = document_table.c
    last = select(func.max(columns.id)).scalar_subquery()
    looked_at = [columns.id > last - newest] if newest else []
    few = question.allowed is None and not (question.counted or question.any_word or wanted.number is not None)
    by = FACETS if question.counted and question.faceted else ()
    only_ranked = question.page * question.limit <= RANKED  # Then what is not ranked can only follow after the page.
    shown_by = [] if only_ranked else [columns.source, _row_id().label("key")]
    named = [] if wanted.number is None else [columns.number]
    selected = select(columns.id, *named, *shown_by, *(columns[name] for name in by))  # No more: all of it is sorted.
    found = _matches(question, wanted)
    others = [*_without(question, wanted), *_narrowing(question), *looked_at]
    most = RANKED if few else COUNT_LIMIT + 1
    parts = [selected.where(each, *others).order_by(columns.id.desc()).limit(most).subquery() for each in found]
    together = union(*map(select, parts)).subquery() if len(parts) > 1 else parts[0]
    matching = select(together).order_by(together.c.id.desc()).limit(most).cte("matching")
    first = _first(question, wanted, matching, others)
    ranked = (  # Materialized, a vector is not unpacked once more for the order.
        select(columns.id, columns.source, _row_id().label("key"), _rank(question, wanted).label("rank"))
        .join(first, first.c.id == columns.id)
        .cte("ranked")
        .prefix_with("MATERIALIZED")
    )
    shown = ranked if only_ranked else matching
    hits = select(shown.c.source, cast(shown.c.key, Text).label("key"), func.coalesce(ranked.c.rank, 0.0).label("rank"))
    page = (
        (hits if only_ranked else hits.join(ranked, ranked.c.id == matching.c.id, isouter=True))
        .order_by(ranked.c.rank.desc().nulls_last(), shown.c.source, shown.c.key.desc())
        .limit(question.limit)
        .offset((question.page - 1) * question.limit)
        .subquery()
    )
    count = select(literal(COUNT), null(), cast(func.count(), Float)).select_from(matching)
    counts = [count, *_facets(matching, by)] if question.counted else []
    return union_all(select(page.c.source, page.c.key, page.c.rank), *counts)


def _first(question: Question, wanted: Plan, matching: CTE, others: list[ColumnElement[bool]]) -> Subquery:
    """Which are ranked: the named ticket and the newest. With only some of the words also the newest of those that lack
    at most one, and some with each word, which are all where it is rare."""
    named = [] if wanted.number is None else [(matching.c.number == wanted.number).desc().nulls_last()]
    many = len(wanted.groups) > MOST_APART
    newest = (
        select(matching.c.id)
        .order_by(*named, matching.c.id.desc())
        .limit(COUNT_LIMIT if many and question.any_word else RANKED)
    )
    if many or not question.any_word:
        return newest.subquery()
    row_id = document_table.c.id
    # By + 0: else the server goes through all documents from the newest on and believes that it soon meets enough.
    most = (
        select(row_id)
        .where(_holds(question, vectors.most(wanted)), *others)
        .order_by((row_id + 0).desc())
        .limit(RANKED // 2)
    )
    each = [select(row_id).where(_holds(question, one), *others).limit(OF_EACH) for one in vectors.groups(wanted)]
    return union(*(select(some.subquery().c.id) for some in (newest, most, *each))).subquery()


def _facets(matching: CTE, names: Sequence[str]) -> list[Select[Any]]:
    """How many of them have each value; those with several values count for each of them. All are counted in one pass,
    and equal lists, which are few, before they are taken apart."""
    if not names:
        return []
    columns = [matching.c[name] for name in names]
    counted = select(*columns, func.count().label("times")).group_by(func.grouping_sets(*map(tuple_, columns)))
    lists = counted.cte("lists")
    return [_values(lists, name) for name in names]


def _values(lists: CTE, name: str) -> Select[Any]:
    value = func.unnest(lists.c[name]) if name in SEVERAL else lists.c[name]
    values = select(value.label("value"), lists.c.times).where(lists.c[name].is_not(None)).subquery()
    times = cast(func.sum(values.c.times), Float)
    return select(literal(name), cast(values.c.value, Text), times).group_by(values.c.value)


def _matches(question: Question, wanted: Plan) -> list[ColumnElement[bool]]:
    """What any of these is true of is found. With some of the words word by word: many in one query the server would
    not look up but compare with every document within reach."""
    found: list[ColumnElement[bool]] = []
    if wanted.groups and question.any_word:
        texts = vectors.groups(wanted) if len(wanted.groups) <= MOST_APART else [vectors.loose(wanted)]
        found += [_holds(question, text) for text in texts]
    elif wanted.groups:
        found.append(_holds(question, vectors.strict(wanted)))
    if wanted.number is not None:
        found.append(document_table.c.number == wanted.number)
    return found or [true()]


def _holds(question: Question, text: str) -> ColumnElement[bool]:
    return _vector(question).bool_op("@@")(_query(text))


def _without(question: Question, wanted: Plan) -> list[ColumnElement[bool]]:
    return [not_(_holds(question, vectors.without(wanted)))] if wanted.without else []


def _narrowing(question: Question) -> list[ColumnElement[bool]]:
    """The asker's reach and filters."""
    clauses = [_has_any(name, values) for name, values in question.filters.items() if values]
    clauses += [not_(_has_any(name, values)) for name, values in question.barred.items() if values]
    if question.filters.get("source") == ENTRY:  # By this index they are few, by their words they stand among tickets.
        clauses.append(document_table.c.entry_id.is_not(None))
    if question.allowed is not None:
        clauses.append(
            document_table.c.access.op("&&", is_comparison=True)(cast(sorted(question.allowed), ARRAY(Text)))
        )
    return clauses


def _has_any(name: str, values: Values) -> ColumnElement[bool]:
    return or_(*(_has(name, value) for value in several(values)))


def _has(name: str, value: str) -> ColumnElement[bool]:
    column = document_table.c[name]
    return literal(value, Text) == any_(column) if name in SEVERAL else column == value


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
    for name, value in question.preferred.items():
        if value:
            rank = rank + case((_has(name, value), PREFERENCE), else_=0.0)
    return cast(rank, Float)


def _vector(question: Question) -> ColumnElement[Any]:
    return document_table.c.whole if question.internal else document_table.c.spoken


def _query(text: str) -> ColumnElement[Any]:
    return cast(literal(text, Text), TSQUERY)
