"""Accounts and organisations by a part of their name or address, in any case, with or without Polish letters."""

from __future__ import annotations

import functools
import operator
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.models.account import Account
from app.models.organisation import Membership, Organisation, OrganisationDomain
from app.search.analysis import fold

MOST_WORDS = 4
SHORTEST = 2
LETTERS = dict(zip("ąćęłńóśźż", "acelnoszz", strict=True))


def accounts_of(text: str, limit: int) -> list[int]:
    """Ids of whoever is called so, or whose address holds it."""
    named = _named(text, (Account.first_name, Account.last_name), Account.email)
    if named is None:
        return []
    return list(db.session.scalars(select(Account.id).where(named).order_by(Account.id).limit(limit)))


def customers_of(text: str, within: ColumnElement[bool], limit: int) -> list[Account]:
    """Those of these accounts that have the name or address."""
    named = _named(text, (Account.first_name, Account.last_name), Account.email)
    if named is None:
        return []
    query = (
        select(Account)
        .where(within, named)
        .options(selectinload(Account.memberships).joinedload(Membership.organisation))
        .order_by(Account.last_name, Account.first_name, Account.id)
    )
    return list(db.session.scalars(query.limit(limit)).unique())


def organisations_of(text: str, within: ColumnElement[bool], limit: int) -> list[Organisation]:
    """Those of these organisations that have the name or mail domain."""
    domain = Organisation.domains.any(OrganisationDomain.domain.contains(fold(text).strip(), autoescape=True))
    named = _named(text, (Organisation.name,), None)
    if named is None:
        return []
    query = (
        select(Organisation)
        .where(within, or_(named, domain))
        .options(selectinload(Organisation.domains), joinedload(Organisation.calendar))
        .order_by(Organisation.name, Organisation.id)
    )
    return list(db.session.scalars(query.limit(limit)).unique())


def _named(text: str, names: tuple[Any, ...], address: Any) -> ColumnElement[bool] | None:
    """Each word begins one of the names, or stands in the address; None where nothing is asked."""
    words = [word for word in fold(text).replace('"', " ").split() if len(word) >= SHORTEST][:MOST_WORDS]
    if not words:
        return None
    whole = _folded(func.replace(_joined(names), "-", " "))
    return and_(
        *(
            or_(
                whole.contains(f" {word}", autoescape=True),
                *([address.contains(word, autoescape=True)] if address is not None else ()),
            )
            for word in words
        )
    )


def _joined(names: tuple[Any, ...]) -> ColumnElement[str]:
    """With a space before each."""
    pieces: list[Any] = [literal(" ") + func.coalesce(name, "") for name in names]
    return functools.reduce(operator.add, pieces)


def _folded(text: Any) -> Any:
    """As `fold` does it for Polish letters, in SQL: neither database does so by itself."""
    lowered = func.lower(text)
    for letter, plain in LETTERS.items():
        lowered = func.replace(func.replace(lowered, letter, plain), letter.upper(), plain)
    return lowered
