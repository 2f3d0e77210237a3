"""The second net: the same clauses once more, below whatever a door asks for.

A door that forgets the rule still reads no row that its visitor may not see, and counts none, in the database or the
search index. `app/views/second_net.py`
hangs it under every query of a web request. What a verb must read beyond its visitor's sight says so with BEYOND.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Alias,
    ColumnElement,
    FromClause,
    Select,
    SelectBase,
    Subquery,
    Table,
    and_,
    false,
    inspect,
    select,
    true,
)
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.expression import ClauseElement

from app.access.people import sees_account, sees_journal, sees_organisation
from app.access.standing import Standing
from app.access.terms import search_terms
from app.access.tickets import sees_message, sees_ticket
from app.models.account import Account
from app.models.journal import JournalEntry
from app.models.organisation import Organisation
from app.models.ticket import Attachment, Message, Ticket

BEYOND = {"beyond_the_visitor": True}
CONVERSATION = (Message, Attachment)
SPOKEN = (Ticket, *CONVERSATION, JournalEntry)
GUARDED = (*SPOKEN, Account, Organisation)
Kind = type[Any]
Held = dict[FromClause, Kind]  # by the table or its alias


def concerns(state: ORMExecuteState) -> bool:
    """Whether the net has anything to hold in the query."""
    if not state.is_select or state.is_column_load or state.execution_options.get("beyond_the_visitor"):
        return False
    if state.is_relationship_load:
        return bool(_relations(state.statement))
    return bool(_given(state.statement)) or any(True for _each in _within(state.statement))


def narrow(state: ORMExecuteState, standing: Standing | None) -> None:
    """Let the query give out and count only what this account may see; None is a stranger."""
    if not state.is_relationship_load:
        state.statement = _narrowed(state.statement, standing)
        return
    for kind in _relations(state.statement):
        clause = _clause(kind, standing)
        if clause is not None:
            option = with_loader_criteria(kind, clause, include_aliases=True, propagate_to_loaders=False)
            state.statement = state.statement.options(option)


def narrow_terms(allowed: frozenset[str] | None, standing: Standing | None) -> frozenset[str] | None:
    """The access terms of a search, none of which this account does not hold: its counts and facets come from the
    index, and no query of the database would hold them."""
    own = search_terms(standing)
    if allowed is None or own is None:
        return own if allowed is None else allowed
    return allowed & own


def _narrowed(statement: Any, standing: Standing | None) -> Any:
    """The statement with the clauses of what it gives out, and of what the queries within it read."""
    given = _given(statement)
    within = list(_within(statement, standing, joins=not given))
    if within:
        statement = _replaced(statement, within, standing)
    for clause in _clauses(given, standing):
        statement = statement.where(clause)
    return statement


def _replaced(statement: Any, within: list[Select[Any]], standing: Standing | None) -> Any:
    """The statement with those queries within it narrowed.

    They keep their plans: the clause stands there as a truth by which no index is chosen.
    """

    def narrowed(element: ClauseElement, **_options: Any) -> Any:
        if not any(element is each for each in within):
            return None
        query: Any = element
        inner = list(_within(query, standing))
        if inner:
            query = _replaced(query, inner, standing)
        return query.where(*(clause.is_(true()) for clause in _clauses(_read(element), standing)))

    return visitors.replacement_traverse(statement, {}, narrowed)


def _within(query: Any, standing: Standing | None = None, *, joins: bool = True) -> Iterator[Select[Any]]:
    """The queries within this one that read what the net holds; what stands within those is theirs.

    Without what a `not` stands before, and without counts of what the rules themselves let this account see. `joins`
    are left out where the query gives out what is held: they only choose among its rows.
    """
    for element in query.get_children():
        if not isinstance(element, Select):
            if (joins or not isinstance(element, Subquery)) and not _denies(element):
                yield from _within(element, standing, joins=joins)
        elif standing is None or element.get_execution_options().get("seen_by") != standing.account_id:
            if _read(element):
                yield element
            else:
                yield from _within(element, standing)


def _denies(element: ClauseElement) -> bool:
    """Whether it lets rows in by what a query within it does not find: hiding rows from that would show more."""
    return getattr(element, "operator", None) in (operators.inv, operators.not_in_op)


def _clauses(held: Held, standing: Standing | None) -> Iterator[ColumnElement[bool]]:
    for place, kind in held.items():
        clause = _clause(kind, standing)
        if clause is not None:
            yield clause if place is kind.__table__ else place.c.id.in_(select(kind.id).where(clause))


def _given(query: Any) -> Held:
    """What the statement gives out, by its table or alias; of one that gives out nothing, as a count, what it reads."""
    if not isinstance(query, Select):
        return {}
    found = (inspect(each) for column in query.column_descriptions if (each := column.get("entity")) is not None)
    given = {each.selectable: each.mapper.class_ for each in found if each.mapper.class_ in GUARDED}
    return given or _read(query)


def _read(query: Any) -> Held:
    """What it reads itself, without names of people and companies beside other rows."""
    places = {place: getattr(place, "element", place) for place in _places(query)}
    kinds = {kind.__table__: kind for kind in (GUARDED if len(places) == 1 else SPOKEN)}
    return {place: kinds[table] for place, table in places.items() if table in kinds}


def _places(query: Select[Any]) -> set[Any]:
    """The tables and aliases that it names itself, not by a query within it."""
    found: set[Any] = set()
    waiting = list(query.get_children())
    while waiting:
        element = waiting.pop()
        found.add(element if isinstance(element, FromClause) else getattr(element, "table", None))
        if not isinstance(element, SelectBase | Alias):
            waiting += element.get_children()
    return {place for place in found if isinstance(place, Table | Alias)}


def _relations(query: Any) -> list[Kind]:
    """The kinds of a conversation that a relation loads."""
    found = [column.get("entity") for column in query.column_descriptions] if isinstance(query, Select) else []
    return [kind for kind in CONVERSATION if kind in found]


def _clause(kind: type[Any], standing: Standing | None) -> ColumnElement[bool] | None:
    """None where the account sees every row. A stranger's doors look accounts up before they know who asks."""
    if standing is None:
        return None if kind in (Account, Organisation) else false()
    if standing.sees_everything:
        return None
    if kind is Account or kind is Organisation:
        return None if standing.is_staff else (sees_account if kind is Account else sees_organisation)(standing)
    if kind is JournalEntry:
        return sees_journal(standing)
    if kind is Ticket:
        return sees_ticket(standing)
    # Row by row, since the query has few of them: all tickets that somebody sees may be very many.
    said = and_(Message.ticket.has(sees_ticket(standing)), sees_message(standing))
    return said if kind is Message else Attachment.message.has(said)
