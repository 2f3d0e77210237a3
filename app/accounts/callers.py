"""Who calls (S6): found by number or name while it is typed, or made known with what he tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import selectinload

from app.accounts.addresses import canonical
from app.accounts.errors import AddressTaken
from app.accounts.registration import AccountDatastore, add_mail_only_customer, find_account
from app.extensions import db
from app.models.account import NOWHERE, Account, Role
from app.models.organisation import Membership, Organisation
from app.models.telephone_number import COMPARED, number_key

MOST_FOUND = 8
LEAST_DIGITS = 3

A_NUMBER = re.compile(r"\+?[0-9 ()/.-]+")


def find_callers(typed: str) -> Sequence[Account]:
    """The customers whom a number, a name, an address or an organisation means, as far as it is typed yet."""
    text = " ".join(typed.replace("\x00", "").split())[:100]
    condition = _by_number(text) if A_NUMBER.fullmatch(text) else _by_words(text.split())
    if condition is None:
        return []
    query = select(Account).where(_is_customer(), condition).order_by(Account.last_name, Account.first_name, Account.id)
    places = selectinload(Account.memberships).joinedload(Membership.organisation)
    return db.session.scalars(query.limit(MOST_FOUND).options(places)).all()


def with_number(number: str | None) -> Sequence[Account]:
    """The customers who have this number, however it is written."""
    return with_numbers([number])


def with_numbers(numbers: Collection[str | None]) -> Sequence[Account]:
    """The customers who have one of these numbers."""
    keys = {key for key in map(number_key, numbers) if key}
    return _at(Account.telephone_key.in_(sorted(keys)), most=MOST_FOUND * len(keys)) if keys else []


def caller(account_id: int) -> Account | None:
    """The customer of that id."""
    return next(iter(_at(Account.id == account_id)), None)


def add_caller(datastore: AccountDatastore, *, name: str, number: str, email: str, locale: str) -> Account:
    """The customer of that address, made known when he is new. Without an address no letter can reach him."""
    known = find_account(email) if email else None
    if known is None:
        known = add_mail_only_customer(datastore, email or f"{uuid4().hex}{NOWHERE}", name, locale)
    if number and not known.telephone:
        known.telephone = number[:64]
    db.session.flush()
    return known


def give_address(account: Account, email: str) -> None:
    """Somebody who has only called tells his address. Raises AddressTaken."""
    if find_account(email) is not None:
        raise AddressTaken
    account.email = canonical(email)
    account.username = account.email[:128]


def _at(condition: ColumnElement[bool], *, most: int = MOST_FOUND) -> Sequence[Account]:
    places = selectinload(Account.memberships).joinedload(Membership.organisation)
    query = select(Account).where(_is_customer(), condition).order_by(Account.id)
    return db.session.scalars(query.limit(most).options(places)).all()


def _by_number(text: str) -> ColumnElement[bool] | None:
    """Numbers that hold these digits. Behind + or 00 stands a country code of one to three digits."""
    digits = re.sub("[^0-9]", "", text)
    bare = digits.lstrip("0")
    abroad = text.startswith("+") or digits.startswith("00")
    parts = {bare[-COMPARED:], *(bare[length:][-COMPARED:] for length in ((1, 2, 3) if abroad else ()))}
    fits = [Account.telephone_key.contains(part) for part in sorted(parts) if len(part) >= LEAST_DIGITS]
    return or_(*fits) if fits else None


def _by_words(words: Sequence[str]) -> ColumnElement[bool] | None:
    """Every word begins a name, the address, or a name of the organisation."""
    if not words or len("".join(words)) < 2:
        return None
    return and_(*(_begins(word) for word in words[:6]))


def _begins(word: str) -> ColumnElement[bool]:
    columns = (Account.first_name, Account.last_name, Account.email)
    ways: list[ColumnElement[bool]] = []
    for form in dict.fromkeys((word, word.capitalize())):  # SQLite does not know that ł and Ł are one letter
        ways += [column.istartswith(form, autoescape=True) for column in columns]
        named = or_(
            Organisation.name.istartswith(form, autoescape=True),
            Organisation.name.icontains(f" {form}", autoescape=True),
        )
        ways.append(Account.memberships.any(Membership.organisation.has(named)))
    return and_(or_(*ways), ~Account.email.endswith(NOWHERE) | (Account.first_name != ""))


def _is_customer() -> ColumnElement[bool]:
    return and_(Account.active, ~Account.roles.any(Role.kind != "customer"))
