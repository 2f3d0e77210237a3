"""Accounts: how they are made and found (S1, S17)."""

from __future__ import annotations

from typing import Any

from flask_security import SQLAlchemyUserDatastore
from sqlalchemy import select

from app.access.net import BEYOND
from app.accounts.addresses import canonical, username_of
from app.extensions import db
from app.models.account import Account, Role
from app.models.organisation import Departure, Membership, OrganisationDomain


class AccountDatastore(SQLAlchemyUserDatastore):
    """Makes accounts that both Flask-Security and Flask-AppBuilder accept."""

    def create_user(self, **values: Any) -> Account:
        """A customer's account: address in its kept form, role `customer` unless others are given."""
        email = values["email"] = canonical(values["email"])
        values.setdefault("username", username_of(email))
        values.setdefault("first_name", "")
        values.setdefault("last_name", "")
        roles = values.pop("roles", None) or ["customer"]
        account: Account = super().create_user(**values)  # It would ask for each role that it is given.
        account.roles = [role if isinstance(role, Role) else role_named(role) for role in roles]
        return account


def role_named(name: str) -> Role:
    """The role of that name. Raises NoResultFound before `run.py init` made the roles."""
    return db.session.scalars(select(Role).where(Role.name == name)).one()


def find_account(email: str) -> Account | None:
    """The account of that address, however it was written: in capital letters, or with the domain in Unicode."""
    # Every address is kept in one form, so the plain unique index finds it.
    return db.session.scalars(
        select(Account).where(Account.email == canonical(email)), execution_options=BEYOND
    ).one_or_none()


def add_mail_only_customer(datastore: AccountDatastore, email: str, name: str, locale: str, **more: Any) -> Account:
    """An account without a password, in no organisation: of somebody who wrote a letter (S17), or was invited."""
    first, _space, last = name.partition(" ")
    return datastore.create_user(
        email=email, first_name=first[:64], last_name=last[:64], locale=locale, password=None, **more
    )


def join_organisation_of_domain(account: Account) -> None:
    """A confirmed address joins the organisation that owns exactly its domain; sub- and super-domains do not count."""
    domain = account.email.rpartition("@")[2]
    owner = db.session.scalars(select(OrganisationDomain).where(OrganisationDomain.domain == domain)).one_or_none()
    if owner is None or any(m.organisation_id == owner.organisation_id for m in account.memberships):
        return
    left = select(Departure.id).where(
        Departure.account_id == account.id, Departure.organisation_id == owner.organisation_id
    )
    if db.session.scalar(left) is not None:
        return  # Whoever was removed comes back by an invitation, not by still having the address.
    db.session.add(Membership(account_id=account.id, organisation_id=owner.organisation_id))
