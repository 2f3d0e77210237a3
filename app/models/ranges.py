"""The first rows of a list, found without collecting the others.

A database reads the first rows of `a = 1 and b = 2` off an index that goes on in the order of the list. Of `a in
(1, 2)` and of ways joined by `or` it collects all rows and sorts them, which grows with the desk. Here such a clause
is cut into ranges that an index keeps in order, and the list is put together from the first rows of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    Boolean,
    Column,
    ColumnClause,
    ColumnElement,
    Null,
    ScalarSelect,
    Select,
    SelectBase,
    SQLColumnExpression,
    Subquery,
    UnaryExpression,
    and_,
    column,
    false,
    func,
    inspect,
    literal_column,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.models.types import HEAD_LENGTH

MOST_RANGES = 100  # of one way; what would make more of them stays whole
Clause = ColumnElement[bool]
EVERY_COLUMN: ColumnElement[Any] = literal_column("*")


@dataclass(frozen=True)
class Order:
    """A sort by one column that is never empty, ties broken by id."""

    column: Any  # an attribute, or a labelled expression with `read` for its value
    id_column: InstrumentedAttribute[Any]
    descending: bool = True
    read: Callable[[Any], Any] | None = None
    indexed: Indexed | None = None  # where its index has a part in how the list is found (app/models/narrowed.py)

    def value_of(self, row: Any) -> Any:
        """By what the row stands in this order."""
        return self.read(row) if self.read else getattr(row, self.column.key)

    @property
    def columns(self) -> tuple[Any, ...]:
        return (self.id_column,) if self.column is self.id_column else (self.column, self.id_column)

    def reversed(self) -> Order:
        return replace(self, descending=not self.descending)

    def by(self, columns: Iterable[SQLColumnExpression[Any]]) -> list[UnaryExpression[Any]]:
        return [column.desc() if self.descending else column.asc() for column in columns]

    def beyond(self, value: Any, row_id: Any) -> Clause:
        """Rows after that one. The first comparison alone bounds the index; databases do not split the `or`."""
        return self._beyond(self.column, self.id_column, value, row_id)

    def _beyond(self, column: Any, id_column: Any, value: Any, row_id: Any) -> Clause:
        if self.descending:
            return and_(column <= value, or_(column < value, id_column < row_id))
        return and_(column >= value, or_(column > value, id_column > row_id))

    def names(self) -> list[ColumnClause[Any]]:
        """Its columns as a subquery has them."""
        return [column(each.key, each.type) for each in self.columns]

    def names_beyond(self, value: Any, row_id: Any) -> Clause:
        """`beyond`, of a subquery's columns."""
        names = self.names()
        return self._beyond(names[0], names[-1], value, row_id)


@dataclass(frozen=True)
class Indexed:
    """A condition that an index of its own answers. It may leave few rows or most (app/models/narrowed.py)."""

    key: str  # what it is of; two of the same are answered by the same index
    clause: Clause
    listed_by: tuple[Any, ...]  # the columns by which that index lists what it finds
    aside: tuple[InstrumentedAttribute[Any], Clause] | None = None  # in another table: the row's id there, and where
    near: Clause | None = None  # by what the index alone finds, where the row decides further
    is_order: bool = False  # it leaves the rows that have a value to be sorted by


@dataclass(frozen=True)
class Rows:
    """The rows of a table that at least one of the ways leads to and that satisfy all conditions.

    `seen_by` is the account whose ways these are, where the rules themselves have said them.
    """

    model: type[Any]
    ways: tuple[Clause, ...]
    conditions: tuple[Clause, ...] = ()
    seen_by: int | None = None
    indexed: tuple[Indexed, ...] = ()

    def where(self, *conditions: Clause) -> Rows:
        return replace(self, conditions=(*self.conditions, *conditions))

    def narrowed(self, indexed: Iterable[Indexed]) -> Rows:
        return replace(self, indexed=(*self.indexed, *indexed))

    def read(self, order: Order, limit: int, *, offset: int = 0) -> Select[Any]:
        """The query for the first rows in that order."""
        return self.of(self.keys(order, limit, offset=offset), order)

    def keys(self, order: Order, limit: int, *, offset: int = 0) -> Select[Any]:
        """The same of what they stand by and of their ids: what is joined to rows takes PostgreSQL longest to plan."""
        parts = [part for parts in self.queries(*order.columns) for part in parts]
        firsts = [part.order_by(*order.by(order.columns)).limit(limit + offset) for part in parts]
        return self.first_of(firsts, order, limit, offset=offset)

    def first_of(self, firsts: Iterable[Select[Any]], order: Order, limit: Any, *, offset: int = 0) -> Select[Any]:
        """The keys of the first rows of all these, which are the first of each part by the columns of the order."""
        names = order.names()
        all_firsts = select(*names).select_from(self._all_of(firsts)).order_by(*order.by(names))
        return all_firsts.limit(limit).offset(offset or None)

    def gather(
        self, order: Order, limit: int, *, most: int, offset: int = 0, after: tuple[Any, Any] | None = None
    ) -> Select[Any]:
        """Their keys where they are known to be at most `most`: all are collected by what they satisfy, then sorted.

        So a condition that no order goes with, such as a time before which few arrived, is found by its own index.
        """
        parts = [part.limit(most) for parts in self.queries(*order.columns) for part in parts]
        names = order.names()
        found = select(*names).select_from(self._all_of(parts)).order_by(*order.by(names))
        if after is not None:
            found = found.where(order.names_beyond(*after))
        return found.limit(limit).offset(offset or None)

    def of(self, keys: Select[Any], order: Order) -> Select[Any]:
        """The rows of these keys, in the order."""
        first = keys.subquery()
        query = select(self.model).join(first, first.c[order.id_column.key] == order.id_column)
        return query.order_by(*order.by(order.columns))

    def count(self, limit: int) -> ScalarSelect[int]:
        """How many they are, counted no further than `limit`."""
        ways = [union_all(*parts).limit(limit) for parts in self.queries(key_of(self.model))]
        found = select(EVERY_COLUMN).select_from(self._all_of(ways)).limit(limit).subquery()
        count = select(func.count()).select_from(found)
        return count.execution_options(seen_by=self.seen_by).scalar_subquery()

    def queries(self, *columns: InstrumentedAttribute[Any]) -> list[list[Select[Any]]]:
        """For each way a query for each of its ranges, which have no row in common; other ways may lead to it too."""
        listed_by = getattr(self.model, "LISTED_BY", ())
        conditions = (*self.conditions, *(each.clause for each in self.indexed))
        found = [ranges((way, *conditions), listed_by) for way in self.ways]
        queries = [[select(*columns).where(*part) for part in parts] for parts in found if parts]
        return queries or [[select(*columns).where(false())]]

    def _all_of(self, queries: Iterable[SelectBase]) -> Subquery:
        """The rows of all the queries, each once. By `*`, since SQLAlchemy takes long to make columns of columns."""
        every = [select(EVERY_COLUMN).select_from(query.subquery()) for query in queries]
        return union(*(each.execution_options(seen_by=self.seen_by) for each in every)).subquery()


class Aside(FunctionElement[Any]):
    """A column whose index SQLite shall leave alone: it knows no better than to prefer it to that of the order."""

    inherit_cache = True

    def __init__(self, column: InstrumentedAttribute[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(Aside)
def _plain(element: Aside, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(Aside, "sqlite")
def _without_index(element: Aside, compiler: SQLCompiler, **options: Any) -> str:
    return "+" + compiler.process(element.clauses, **options)  # https://sqlite.org/optoverview.html section 9.1


class Unindexed(FunctionElement[bool]):
    """A condition that SQLite shall look for in each row, and by no index."""

    inherit_cache = True
    type = Boolean()


@compiles(Unindexed)
def _whole(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"


@compiles(Unindexed, "sqlite")
def _whole_without_index(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return f"+({compiler.process(element.clauses, **options)})"


def same_text(column: InstrumentedAttribute[Any], wanted: str) -> Clause:
    """Whether a long text is this one, found by the index of its head (`types.head_index`).

    The text itself stands aside, or SQLite would put it into the place of the column in `substr` and miss the index.
    """
    head = func.substr(column, literal_column("1"), literal_column(str(HEAD_LENGTH)))
    return and_(head == wanted[:HEAD_LENGTH], Aside(column) == wanted)


def key_of(model: type[Any]) -> InstrumentedAttribute[Any]:
    """The column that tells the rows of a table apart."""
    key: InstrumentedAttribute[Any] = getattr(model, inspect(model).primary_key[0].key)
    return key


def ranges(clauses: Iterable[Clause], listed_by: Iterable[tuple[str, ...]]) -> list[list[Clause]]:
    """All the clauses as ranges: one for each value of the columns by which an index lists the rows."""
    terms = list(_terms(clauses))
    fixed = {_column(term) for term in terms}
    leading = next((columns for columns in listed_by if fixed.issuperset(columns)), ())
    parts: list[dict[str, Clause]] = [{}]
    for term in terms:
        choices = _choices(term) if _column(term) in leading else [term]
        if len(parts) * len(choices) > MOST_RANGES:
            choices = [term]
        parts = [{**part, _key(choice): choice} for part in parts for choice in choices if _agree(part, choice)]
    return [list(part.values()) for part in parts]


def _terms(clauses: Iterable[Clause]) -> Iterator[Clause]:
    for clause in clauses:
        if getattr(clause, "operator", None) is operators.and_:
            yield from _terms(clause.get_children())  # type: ignore[arg-type]  # the clauses of an `and`
        else:
            yield clause


def _choices(term: Clause) -> list[Clause]:
    """`column in (1, 2)` as `column = 1` and `column = 2`; any other term is its only choice."""
    if not _compares(term, operators.in_op):
        return [term]
    return [term.left == value for value in sorted(term.right.value)]


def fixed_columns(clauses: Iterable[Clause]) -> set[str | None]:
    """The columns for which each term leaves one value or a few; None for any other term."""
    return {_column(term) for term in _terms(clauses)}


def _column(term: Clause) -> str | None:
    """The name of the column for which the term leaves one value, or a few."""
    fixes = _compares(term, operators.eq) or _compares(term, operators.in_op) or _compares(term, operators.is_)
    return term.left.name if fixes else None


def _compares(term: Clause, operator: Any) -> bool:
    is_comparison = isinstance(term, BinaryExpression) and term.operator is operator
    return is_comparison and isinstance(term.right, BindParameter | Null) and isinstance(term.left, Column)


def _key(term: Clause) -> str:
    return term.left.name if _compares(term, operators.eq) else str(id(term))


def _agree(part: dict[str, Clause], term: Clause) -> bool:
    other = part.get(_key(term), term)
    return other is term or other.right.value == term.right.value
