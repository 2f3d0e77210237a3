"""Roles and levels by API, with what the forms of people refuse."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts import roles
from app.accounts.errors import LastAdministrator, MoreThanYours
from app.extensions import db
from app.models.account import Account, Role
from app.models.product_group import Assignment, ProductGroup
from app.views.api import relations
from app.views.api.refusals import Missing, Unfit
from app.views.api.writing import Given


def is_customer(account: Account) -> bool:
    """Whether the account is on the customers' page, else on that of the desk's people."""
    return account.role_kinds <= {"customer"}


def set_roles(account: Account, codes: Sequence[str], *, by: Account) -> None:
    """Make these the roles of the account: some of the desk's, or the one of a customer. Raises Unfit."""
    chosen = list(db.session.scalars(select(Role).where(Role.name.in_(codes), Role.kind != "public")))
    if unknown := set(codes) - {role.name for role in chosen}:
        raise Unfit({"roles": _("There is no role named %(name)s.", name=sorted(unknown)[0])})
    customers = [role for role in chosen if role.kind == "customer"]
    if not chosen or (len(customers), len(chosen)) != ((1, 1) if is_customer(account) else (0, len(chosen))):
        raise Unfit({"roles": _("Name one role of customers for a customer, else roles of the desk only.")})
    try:
        if not is_customer(account):
            roles.check_given(account.roles, chosen, by=by)
            _keep_administrators(account, chosen, by=by)
    except (MoreThanYours, LastAdministrator) as error:
        raise Unfit({"roles": str(error)}) from error
    account.roles = chosen


def set_levels(account: Account, given: Sequence[Given]) -> None:
    """Make these the levels of the account; where it keeps one, it stays on duty as it was. Raises Missing, Unfit."""
    if is_customer(account):
        raise Unfit({"product_groups": _("Only people of the desk have levels in product groups.")})
    wanted = {place["id"]: place["level"] for place in given}
    if len(wanted) < len(given):
        raise Unfit({"product_groups": _("A product group stands here twice.")})
    known = select(ProductGroup.id).where(ProductGroup.id.in_(relations.possible(wanted)))
    if set(db.session.scalars(known)) != wanted.keys():
        raise Missing("product_groups")
    held = {place.product_group_id: place for place in account.assignments}
    for gone in held.keys() - wanted.keys():
        db.session.delete(held[gone])
    for group_id, level in wanted.items():
        if group_id in held:
            held[group_id].level = level
        else:
            db.session.add(Assignment(account_id=account.id, product_group_id=group_id, level=level))
    db.session.flush()
    db.session.expire(account, ["assignments"])


def _keep_administrators(account: Account, chosen: Sequence[Role], *, by: Account) -> None:
    """Raises Unfit, LastAdministrator."""
    if not roles.is_administrator(account) or roles.ADMINISTRATOR in {role.name for role in chosen}:
        return
    if account.id == by.id:
        raise Unfit({"roles": _("You cannot take the administrator's role from yourself.")})
    roles.keep_an_administrator(account)
