"""The telephone as data (S18): its number, its menu, and the consultants on duty behind every digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.desk.choices import choose, chosen
from app.extensions import db
from app.models.account import Account
from app.models.product_group import ANSWERING, Assignment, ProductGroup

PREFIX = "telephone_"
_MENU = (
    select(ProductGroup)
    .where(ProductGroup.active, ProductGroup.menu_digit.is_not(None))
    .order_by(ProductGroup.menu_digit)
)


@dataclass(frozen=True)
class Telephone:
    """The choices about calls. Without a number the desk has no telephone."""

    number: str = ""
    first_digit: str = ""  # what a caller presses for technical support, before the digit of the product group
    confirm_days: int = 1  # business days within which a call must be confirmed (S6)
    remind_minutes: int = 240  # of working time before that deadline
    keep_days: int = 730  # after which what an exchange told of a call is forgotten; 0 keeps it


@dataclass(frozen=True)
class MenuLine:
    """What a digit leads to: a product group, and who is called in which order."""

    group: ProductGroup
    on_duty: Sequence[Account]


def telephone() -> Telephone:
    """The choices in force."""
    return chosen(Telephone, PREFIX)


def set_telephone(to: Telephone) -> None:
    """Choose that from now on; deadlines of calls that are recorded already stay as they were told."""
    choose(to, PREFIX)


def menu() -> Sequence[ProductGroup]:
    """The active product groups that a digit leads to, in the order of the digits."""
    return db.session.scalars(_MENU).all()


def menu_with_duty() -> list[MenuLine]:
    """The same, with who is called behind each digit."""
    people = selectinload(ProductGroup.assignments).joinedload(Assignment.account).selectinload(Account.roles)
    return [MenuLine(group, on_duty(group)) for group in db.session.scalars(_MENU.options(people))]


def on_duty(group: ProductGroup) -> list[Account]:
    """Who answers the group's calls, the first first; everybody of the group while no duty is written down."""
    answering = [place for place in group.assignments if place.level in ANSWERING and place.account.active]
    able = [place for place in answering if place.account.confirmed_at and "auditor" not in place.account.role_kinds]
    chosen = sorted((place for place in able if place.duty is not None), key=lambda place: (place.duty or 0, place.id))
    return [place.account for place in chosen or sorted(able, key=lambda place: place.account.name.casefold())]


def set_duty(group: ProductGroup, order: Mapping[int, int | None]) -> None:
    """Put the group's consultants on duty: account -> place in the order, None for not on duty."""
    for place in group.assignments:
        place.duty = order.get(place.account_id)
