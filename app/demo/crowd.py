"""The many organisations, customers and consultants of made-up tickets. Nobody of them can sign in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from flask_appbuilder.security.sqla.models import assoc_user_role
from sqlalchemy import Table, insert, select

from app.accounts.registration import role_named
from app.extensions import db
from app.models.account import Account
from app.models.organisation import Membership, Organisation
from app.models.product_group import Assignment, ProductGroup
from app.models.types import utc_now

FIRST = {"pl": "Adam Beata Cezary Danuta Edward Felicja Gustaw Helena".split(), "en": "Amy Ben Clara Dan Ella".split()}
LAST = {"pl": "Sikora Wróbel Dudek Kruk Czapla Jeleń".split(), "en": "Reed Brook Ash Field Lane Moor".split()}
CONSULTANTS = 12


@dataclass(frozen=True)
class Customer:
    id: int
    organisation_id: int
    language: str


@dataclass(frozen=True)
class Crowd:
    """Who asks and who answers; `weights` make a few customers ask most."""

    customers: list[Customer]
    weights: list[float]
    consultants: dict[int, list[int]]  # product group -> accounts


def gather(tickets: int) -> Crowd:
    """The crowd for that many tickets; whoever an earlier run has made is taken again."""
    organisations = _organisations(min(400, max(3, tickets // 250)))
    customers = _customers(min(8_000, max(10, tickets // 50)), organisations)
    weights = list(accumulate(1 / rank**0.8 for rank in range(1, len(customers) + 1)))
    return Crowd(customers, weights, _consultants())


def _organisations(count: int) -> list[int]:
    rows = [{"name": f"Firma {number:04d}", "created_at": utc_now()} for number in range(1, count + 1)]
    return list(_made(Organisation, "name", rows).values())


def _customers(count: int, organisations: Sequence[int]) -> list[Customer]:
    people = [
        _person(f"klient{number}@firma{number % len(organisations) + 1}.example", number) for number in range(count)
    ]
    ids = _made(Account, "email", people)
    _give_role(ids.values(), "customer")
    customers = [
        Customer(ids[person["email"]], organisations[number % len(organisations)], person["locale"])
        for number, person in enumerate(people)
    ]
    _link(
        Membership,
        [{"account_id": c.id, "organisation_id": c.organisation_id, "sharing": "organisation"} for c in customers],
    )
    return customers


def _consultants() -> dict[int, list[int]]:
    """A dozen consultants, each in two product groups."""
    groups = list(db.session.scalars(select(ProductGroup.id).order_by(ProductGroup.position)))
    people = [_person(f"konsultant{number}@pomoc.example", number) for number in range(CONSULTANTS)]
    ids = list(_made(Account, "email", people).values())
    _give_role(ids, "consultant")
    duties: dict[int, list[int]] = {group: [] for group in groups}
    for number, account in enumerate(ids):
        for group in {groups[number % len(groups)], groups[number // 2 % len(groups)]}:
            duties[group].append(account)
    _link(Assignment, [{"account_id": a, "product_group_id": g} for g, accounts in duties.items() for a in accounts])
    return duties


def _person(email: str, number: int) -> dict[str, Any]:
    language = "en" if number % 10 < 3 else "pl"
    first, last = FIRST[language], LAST[language]
    return {
        "email": email,
        "username": email,
        "first_name": first[number % len(first)],
        "last_name": last[number // len(first) % len(last)],
        "locale": language,
        "active": True,
        "confirmed_at": utc_now(),
        "fs_uniquifier": f"demo-{email}"[:64],
        "fs_token_uniquifier": None,
        "fs_webauthn_user_handle": None,
        "created_on": None,
        "changed_on": None,
        "created_by_fk": None,
        "changed_by_fk": None,
    }


def _made(model: Any, key: str, rows: list[dict[str, Any]]) -> dict[str, int]:
    """The key of every row -> its id, in the order of the rows; missing ones are inserted."""
    column = getattr(model, key)
    known = {name for (name,) in db.session.execute(select(column))}
    missing = [row for row in rows if row[key] not in known]
    if missing:
        db.session.execute(insert(model.__table__), missing)
    ids = {row[0]: row[1] for row in db.session.execute(select(column, model.id))}
    return {row[key]: ids[row[key]] for row in rows}


def _give_role(accounts: Any, role: str) -> None:
    role_id = role_named(role).id
    _link(assoc_user_role, [{"user_id": account, "role_id": role_id} for account in accounts])


def _link(target: Any, rows: list[dict[str, Any]]) -> None:
    """Insert the links that are not there yet."""
    table: Table = getattr(target, "__table__", target)
    left, right = list(rows[0])[:2]
    known = {tuple(row) for row in db.session.execute(select(table.c[left], table.c[right]))}
    missing = [row for row in rows if (row[left], row[right]) not in known]
    if missing:
        db.session.execute(insert(table), missing)


def chunks(total: int, size: int) -> Iterator[int]:
    """`total` in parts of at most `size`."""
    for done in range(0, total, size):
        yield min(size, total - done)
