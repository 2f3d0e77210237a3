"""The people of the demo desk, with random passwords."""

from __future__ import annotations

import secrets
import tomllib
from pathlib import Path
from typing import Any

from flask_security import hash_password
from sqlalchemy import select

from app.accounts.join import bound_security
from app.accounts.registration import role_named
from app.extensions import db
from app.models.account import Account
from app.models.organisation import Membership, Organisation, OrganisationDomain
from app.models.product_group import Assignment, Level, ProductGroup
from app.models.types import utc_now

HERE = Path(__file__).resolve().parent

Card = dict[str, str]  # role, email, password, language: one line of demo-accounts.json


def add_people() -> list[Card]:
    """Make the organisations and accounts of people.toml; the cards of those who can sign in."""
    plan = tomllib.loads((HERE / "people.toml").read_text())
    for name, domain in plan["organisations"].items():
        db.session.add(Organisation(name=name, domains=[OrganisationDomain(domain=domain)]))
    db.session.flush()
    cards = [_add(person) for person in plan["account"]]
    return [card for card in cards if card["password"]]


def _add(person: dict[str, Any]) -> Card:
    language = person.get("language", "pl")
    password = "" if person.get("mail_only") else secrets.token_urlsafe(12)
    first, _, last = person["name"].partition(" ")
    account = bound_security().datastore.create_user(
        email=person["email"],
        first_name=first,
        last_name=last,
        locale=language,
        password=hash_password(password) if password else None,
        confirmed_at=utc_now() if password else None,
        active=True,
        roles=[role_named(person["role"])],
    )
    db.session.flush()
    _place(account, person)
    return {"role": person["role"], "email": account.email, "password": password, "language": language}


def _place(account: Account, person: dict[str, Any]) -> None:
    """Where the account belongs: its organisation, the product groups it answers for."""
    if "organisation" in person:
        organisation = db.session.scalars(select(Organisation).where(Organisation.name == person["organisation"])).one()
        db.session.add(Membership(account=account, organisation=organisation, sharing=person["sharing"]))
    groups = select(ProductGroup).where(ProductGroup.name.in_(person.get("groups", ())))
    duty = person.get("duty", {})
    level = person.get("level", Level.ANSWER)
    db.session.add_all(
        Assignment(account=account, product_group=group, duty=duty.get(group.name), level=level)
        for group in db.session.scalars(groups)
    )
    db.session.flush()
