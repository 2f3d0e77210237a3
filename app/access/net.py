"""The second net: the same clauses once more, below whatever a door asks for.

A door that forgets the rule still reads no row that its visitor may not see. `app/views/second_net.py` hangs it under
every query of a web request. What a verb must read beyond its visitor's sight says so with BEYOND.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria

from app.access.people import sees_account, sees_journal, sees_organisation
from app.access.standing import Standing
from app.access.tickets import sees_message, sees_ticket
from app.models.account import Account
from app.models.journal import JournalEntry
from app.models.organisation import Organisation
from app.models.ticket import Attachment, Message, Ticket

BEYOND = {"beyond_the_visitor": True}
CONVERSATION = (Message, Attachment)
GUARDED = (Ticket, *CONVERSATION, JournalEntry, Account, Organisation)


def guarded(state: ORMExecuteState) -> list[type[Any]]:
    """The kinds of rows that the query would give out and the net holds."""
    if not state.is_select or state.is_column_load or state.execution_options.get("beyond_the_visitor"):
        return []
    if not isinstance(state.statement, Select):
        return []
    kinds = CONVERSATION if state.is_relationship_load else GUARDED
    found = [column.get("entity") for column in state.statement.column_descriptions]  # of tables alone it has none
    return [kind for kind in kinds if kind in found]


def narrow(state: ORMExecuteState, kinds: list[type[Any]], standing: Standing | None) -> None:
    """Let the query give out only what this account may see; None is a stranger."""
    for kind in kinds:
        clause = _clause(kind, standing)
        if clause is None:
            continue
        if state.is_relationship_load:
            option = with_loader_criteria(kind, clause, include_aliases=True, propagate_to_loaders=False)
            state.statement = state.statement.options(option)
        else:
            state.statement = state.statement.where(clause)  # type: ignore[attr-defined]  # a Select, as guarded() saw


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
