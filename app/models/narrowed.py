"""A page of a list whose filters and order have indexes of their own, each of which may leave few rows or most.

A planner guesses: it goes by one index and sorts all that it finds there, or looks at every row on the way of the
order. So it is asked first what each filter leaves: SQLite counts, no further than it matters; PostgreSQL knows of one
filter, though not of two together. Few rows are gathered by the narrowest and sorted; of many the first are soon met on
the way of the order, which SQLite must be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    Executable,
    Integer,
    Select,
    SelectBase,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import True_

from app.models.ranges import EVERY_COLUMN, Clause, Indexed, Order, Rows, Unindexed, fixed_columns, key_of

FEW = 5_000  # rows that are looked into one by one and sorted
FEW_HELD = 20_000  # the same, where the index holds all that is asked for
FEW_SORTED = 10_000  # the same on PostgreSQL, where the order of a field leads all over the table for as many
HELD = ("updated_at", "id", "product_group_id", "requester_id", "status")  # by the index of a field, beside its value
BROAD = frozenset({"product_group_id"})  # ways that lead to so many rows that an index must keep their order
BEYOND = {"beyond_the_visitor": True}  # app/access/net.py
Cursor = tuple[Any, Any]


class Explained(Executable, ClauseElement):
    """PostgreSQL's plan of a query, as JSON."""

    inherit_cache = False

    def __init__(self, query: SelectBase) -> None:
        self.query = query


@compiles(Explained)
def _explained(element: Explained, compiler: SQLCompiler, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.query, **options)}"


@dataclass(frozen=True)
class Narrowed:
    """A list whose filters and order have indexes of their own; make it by `narrowed`."""

    rows: Rows
    order: Order
    filters: Sequence[Indexed]
    sort: Indexed | None

    @property
    def lead(self) -> Indexed | None:
        """Whose index lists what it finds in the order of the list."""
        usual = (each for each in self.filters if each.aside is None and each.listed_by == self.order.columns)
        return self.sort or next(usual, None)

    @property
    def is_led(self) -> bool:
        """Whether nothing is asked for but what that index finds: the first rows are at its beginning."""
        return not self.filters or (len(self.filters) == 1 and self.filters[0] is self.lead)

    @property
    def is_plain(self) -> bool:
        """Whether one field alone decides, so that `met` leaves a database one way to go, whatever the values are."""
        return len(self.filters) + (self.sort is not None) == 1

    def narrowest(self, session: Session) -> Indexed | None:
        """The filter that leaves fewest rows, if these are few enough to be gathered. One statement."""
        if session.get_bind().dialect.name == "postgresql":
            bounds = [FEW if self.sort is None else FEW_SORTED] * len(self.filters)
            left = self._expected(session)
        else:
            is_held = self.order.columns[0].key in HELD
            bounds = [FEW_HELD if is_held and each.aside is None else FEW for each in self.filters]
            left = self._left(session, bounds)
        share, place = min((number / bounds[place], place) for place, number in enumerate(left))
        return self.filters[place] if share <= 1 else None

    def _left(self, session: Session, bounds: Sequence[int]) -> Sequence[int]:
        """How many rows each filter leaves, counted up to its bound and one more."""
        counts = [_count(self._ids(each), bound + 1) for each, bound in zip(self.filters, bounds, strict=True)]
        labelled = select(*(each.scalar_subquery().label(f"n{place}") for place, each in enumerate(counts)))
        return list(session.execute(labelled, execution_options=BEYOND).one())  # nobody is told

    def _expected(self, session: Session) -> Sequence[int]:
        """How many PostgreSQL expects, which knows the values of its indexes; counting costs a look at every row."""
        parts = [select(literal(0)).select_from(self._ids(each).subquery()) for each in self.filters]
        (found,) = session.connection().execute(Explained(union_all(*parts) if parts[1:] else parts[0])).scalar_one()
        plans = found["Plan"]["Plans"] if parts[1:] else [found["Plan"]]
        return [int(plan["Plan Rows"]) for plan in plans]

    def gathered(
        self, one: Indexed, limit: int, *, most: int, offset: int = 0, after: Cursor | None = None
    ) -> Select[Any]:
        """The keys of the first rows, and how many there are up to `most`, of all that this filter finds."""
        order = self.order
        found = self._by(one, *order.columns).where(Unindexed(or_(*self.rows.ways)), *self._others(one))
        gathered, names = found.execution_options(seen_by=self.rows.seen_by).cte("gathered"), order.names()
        keys = select(*names).select_from(gathered).order_by(*order.by(names)).limit(limit).offset(offset or None)
        if after is not None:
            keys = keys.where(order.names_beyond(*after))
        return keys.add_columns(self._told(select(EVERY_COLUMN).select_from(gathered), most))

    def met(self, limit: int, *, most: int, offset: int = 0, after: Cursor | None = None) -> Select[Any]:
        """The same of those that are met on the way of the order; NULL where it takes too long to tell how many."""
        lead, order = self.lead if self._is_held else None, self.order
        broad = [way for way in self.rows.ways if isinstance(way, True_) or fixed_columns([way]) <= BROAD]
        few = self._on((way for way in self.rows.ways if way not in broad), looked_for=_whether)
        if lead and broad:
            many = [self._by(lead, *order.columns).where(Unindexed(or_(*broad)), *self._others(lead))]
        else:
            many = self._on(broad, looked_for=_whether if self.is_plain else Unindexed)
        if after is not None:
            few, many = ([query.where(order.beyond(*after)) for query in queries] for queries in (few, many))
        firsts = [query.order_by(*order.by(order.columns)).limit(_said(limit + offset)) for query in many]
        firsts += [self._sorted(query, limit + offset) for query in few]
        keys = self.rows.first_of(firsts, order, _said(limit), offset=offset)
        return keys.add_columns(self._counted(most))

    def _on(self, ways: Iterable[Clause], looked_for: Callable[[Clause], Clause] = Unindexed) -> list[Select[Any]]:
        """What is asked for, way by way, filters looked for in each row."""
        found = [*self.rows.conditions, *((self.sort.clause,) if self.sort else ())]
        conditions = (*found, *(looked_for(each.clause) for each in self.filters))
        rows = replace(self.rows, ways=tuple(ways), conditions=conditions, indexed=())
        return [query for queries in rows.queries(*self.order.columns) for query in queries] if rows.ways else []

    def _sorted(self, query: Select[Any], limit: int) -> Select[Any]:
        """The first of few rows, all of which are collected first: PostgreSQL would look for them along the order."""
        found, names = query.cte().prefix_with("MATERIALIZED"), self.order.names()
        return select(*names).select_from(found).order_by(*self.order.by(names)).limit(_said(limit))

    def _counted(self, most: int) -> Any:
        if len(self.filters) > 1:
            return null()
        one = self.filters[0] if self.filters else self.sort
        if one is None or not self._is_held:
            return self.rows.count(most)
        mine = self._by(one, key_of(self.rows.model)).where(Unindexed(or_(*self.rows.ways)), *self._others(one))
        return self._told(mine.order_by(*one.listed_by), most)

    def _told(self, query: Select[Any], most: int) -> Any:
        """How many these are, all of which the rules let the reader see."""
        return _count(query, most).execution_options(seen_by=self.rows.seen_by).scalar_subquery()

    @property
    def _is_held(self) -> bool:
        """Whether an index of a field also holds what else is asked for."""
        return fixed_columns(self.rows.conditions) <= set(HELD)

    def _ids(self, one: Indexed) -> Select[Any]:
        """In the order of the index, or PostgreSQL would collect all of them first."""
        row_id, how = one.aside or (key_of(self.rows.model), one.clause if one.near is None else one.near)
        return select(row_id).where(how).order_by(*one.listed_by)

    def _by(self, one: Indexed, *columns: Any) -> Select[Any]:
        """The rows of one condition, by its own index."""
        found = select(*columns)
        if one.aside is None:
            return found.where(one.clause)
        row_id, how = one.aside
        return found.join(row_id.class_, row_id == key_of(self.rows.model)).where(how)

    def _others(self, one: Indexed) -> list[Clause]:
        """What else is asked for; no index shall be sought for it."""
        clauses = [*self.rows.conditions, *(each.clause for each in self.filters if each is not one)]
        if self.sort is not None and self.sort is not one:
            clauses.append(self.sort.clause)
        return [Unindexed(each) for each in clauses]


def narrowed(rows: Rows, order: Order) -> Narrowed:
    """The list by what its rows are narrowed by; what is of one key becomes one condition."""
    found: dict[str, Indexed] = {}
    for each in rows.indexed:
        other = found.get(each.key)
        both = replace(each, clause=and_(other.clause, each.clause), is_order=other.is_order) if other else each
        found[each.key] = replace(both, is_order=each.is_order or both.is_order)
    sort = next((each for each in found.values() if each.is_order), None)
    return Narrowed(rows, order, [each for each in found.values() if not each.is_order], sort)


def _whether(clause: Clause) -> Clause:
    """The clause as no index answers it, on either database: PostgreSQL would read all of a filter's index for few."""
    return case((clause, true()), else_=false())


def _count(query: Select[Any], most: int) -> Select[Any]:
    return select(func.count()).select_from(query.limit(_said(most)).subquery())


def _said(number: int) -> BindParameter[int]:
    """A number that stands in the statement itself: PostgreSQL's plan for any number would be one for very many."""
    return bindparam(None, number, Integer, literal_execute=True)
