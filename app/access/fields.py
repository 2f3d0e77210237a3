"""Which fields an account may know of: the one place that pages, forms, lists, searches, exports and the API ask.

A field that it may not read answers like one that is not there, by name and by id alike.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session

from app.access.entries import sees_text
from app.access.people import sees_account, sees_organisation
from app.access.standing import Standing
from app.fields import Definition, Kind, may_read, readable, writable
from app.fields.definition import Target
from app.models.account import Account
from app.models.definitions import published
from app.models.entry import Entry, PublishedText, Variant
from app.models.organisation import Organisation


def fields_of(
    session: Session, standing: Standing | None, owner: str, product_group_id: int | None = None
) -> tuple[Definition, ...]:
    """The fields of an owner that this account may read, in the order of the form; of tickets those of one form.

    Without an account those that everybody reads.
    """
    roles = standing.roles if standing is not None else frozenset[str]()
    return readable(published(session).of(owner, product_group_id), roles)


def fields_to_write(
    session: Session, standing: Standing | None, owner: str, product_group_id: int | None = None
) -> tuple[Definition, ...]:
    """Those of them that it may write, where it may change the row."""
    roles = standing.roles if standing is not None else frozenset[str]()
    return writable(published(session).of(owner, product_group_id), roles)


def hides(standing: Standing, definition: Definition) -> bool:
    """Whether its values are kept from this account, those of a deleted field likewise."""
    return not may_read(definition.changed(deleted_on=""), standing.roles)


def leads_somewhere(session: Session, standing: Standing | None, definition: Definition, value: Any) -> bool:
    """Whether the row that a reference leads to is there and open to this account or everybody; files are no rows."""
    return definition.kind != Kind.REFERENCE or session.scalar(_row(standing, definition, value)) is not None


def may_be_public(definition: Definition) -> bool:
    """Whether a stranger could give a value at all: of organisations and accounts he knows none."""
    return definition.kind != Kind.REFERENCE or definition.target not in (Target.ORGANISATION, Target.ACCOUNT)


def _row(standing: Standing | None, definition: Definition, row_id: int) -> Select[Any]:
    if definition.target == Target.ORGANISATION:
        return select(Organisation.id).where(
            Organisation.id == row_id, sees_organisation(standing) if standing else false()
        )
    if definition.target == Target.ACCOUNT:
        return select(Account.id).where(Account.id == row_id, sees_account(standing) if standing else false())
    texts = select(Entry.id).join(Variant, Variant.entry_id == Entry.id).join(PublishedText)
    found = texts.where(Entry.id == row_id, sees_text(standing)).limit(1)
    return found.where(Entry.type_code == "article") if definition.target == Target.ARTICLE else found
