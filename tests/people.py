"""The people of a test's desk."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence

from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select

from app.accounts import sessions
from app.accounts.join import bound_security
from app.extensions import db
from app.models.account import Account, AccountSession, Role
from app.models.organisation import Membership, MembershipGroup, Organisation, Sharing
from app.models.product_group import Assignment, Level, ProductGroup
from app.models.types import utc_now

PASSWORD = "Zielona-łąka-7-koni"


def add_account(
    email: str,
    *,
    role: str = "customer",
    organisation: str | None = None,
    sharing: str = Sharing.ORGANISATION,
    groups: Sequence[str] = (),
    level: str = Level.ANSWER,
    chosen: Sequence[str] = (),
    name: str = "",
    locale: str = "pl",
    registered: bool = True,
    password: str | None = None,
) -> Account:
    """An account, its membership (the organisation is made when missing) and its level in product groups.

    `chosen` are the product groups that a membership with sharing `groups` shows. Its password is only hashed when one
    is given: signing in by `people.sign_in` needs none.
    """
    first, _, last = name.partition(" ")
    account = Account(
        email=email,
        username=email,
        first_name=first,
        last_name=last,
        active=True,
        locale=locale,
        password=(_hashed(password) if password else "unusable") if registered else None,
        confirmed_at=utc_now() if registered else None,
        roles=[db.session.scalars(select(Role).where(Role.name == role)).one()],
    )
    db.session.add(account)
    db.session.flush()
    if organisation:
        shown = [MembershipGroup(product_group_id=group_named(group).id) for group in chosen]
        place = organisation_named(organisation).id
        db.session.add(Membership(account_id=account.id, organisation_id=place, sharing=sharing, groups=shown))
    for group in groups:
        db.session.add(Assignment(account_id=account.id, product_group_id=group_named(group).id, level=level))
    db.session.flush()
    return account


def group_named(name: str) -> ProductGroup:
    """A product group of the preset."""
    return db.session.scalars(select(ProductGroup).where(ProductGroup.name == name)).one()


def _hashed(password: str) -> str:
    """As Flask-Security's forms keep a password: its letters are normalised first."""
    hashed: str = hash_password(bound_security().password_util.normalize(password))
    return hashed


def organisation_named(name: str) -> Organisation:
    """The organisation of that name, made when missing."""
    found = db.session.scalars(select(Organisation).where(Organisation.name == name)).one_or_none()
    if found is None:
        found = Organisation(name=name)
        db.session.add(found)
        db.session.flush()
    return found


def sign_in(browser: FlaskClient, account: Account) -> None:
    """What a successful sign-in leaves behind, without the slow hash of a password."""
    token = secrets.token_urlsafe(32)
    db.session.add(AccountSession(token_hash=sessions.hash_of(token), account_id=account.id))
    db.session.commit()
    with browser.session_transaction() as kept:
        kept.permanent = True
        kept[sessions.TOKEN] = token
        kept["_user_id"] = account.fs_uniquifier
        kept["_fresh"] = True
        kept["fs_cc"] = "set"
        kept["fs_paa"] = time.time()
        kept["identity.id"] = account.id
