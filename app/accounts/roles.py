"""Roles: the shipped ones, copies of them, and what each lets people do.

What a role may do is kept as abilities (app/access/abilities.py) and written out as permissions of Flask-AppBuilder,
which every page and the API ask. An upgrade writes them out anew and never changes what somebody chose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from flask_appbuilder.security.sqla.models import Permission, PermissionView, ViewMenu, assoc_user_role
from sqlalchemy import func, select

from app.access import KINDS, LARGEST_ID, NotFound, held_by, opened_by
from app.access.abilities import Ability, Pair
from app.accounts.errors import LastAdministrator, MoreThanYours, NobodyElses, RoleHeld, RoleNameTaken, ShippedRole
from app.events.audit import AuditKind, write_down
from app.extensions import db
from app.models.account import Account, Role
from app.models.role import new_stamp

LONGEST_CODE = 60
ADMINISTRATOR = "administrator"  # the one role that always holds everything


def all_roles() -> list[Role]:
    """The shipped roles in their order, each with its copies behind it."""
    order = list(KINDS)
    rows = db.session.scalars(select(Role).where(Role.kind.in_(order)))
    return sorted(rows, key=lambda role: (order.index(role.kind), role.name != role.kind, role.name))


def role_of_code(code: str, *, lock: bool = False) -> Role:
    """The role of that code. Raises NotFound."""
    query = select(Role).where(Role.name == code, Role.kind.in_(KINDS))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    role = db.session.scalars(query).one_or_none()
    if role is None:
        raise NotFound
    return role


def role_of_id(role_id: int) -> Role:
    """The role of that id, to be changed. Raises NotFound."""
    if not 0 < role_id <= LARGEST_ID:
        raise NotFound
    query = select(Role).where(Role.id == role_id, Role.kind.in_(KINDS)).with_for_update()
    role = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if role is None:
        raise NotFound
    return role


def holders() -> dict[int, int]:
    """How many accounts hold each role, invited and deactivated ones included."""
    of_role = assoc_user_role.c.role_id
    rows = db.session.execute(select(of_role, func.count()).group_by(of_role))
    return {row[0]: row[1] for row in rows}


def is_shipped(role: Role) -> bool:
    return bool(role.name == role.kind)


def abilities_of(role: Role) -> frozenset[Ability]:
    """What the role lets people do now."""
    return held_by(role.kind, role.abilities)


def offered_to(role: Role) -> frozenset[Ability]:
    """What the role may be given or be without. The administrator's always holds everything."""
    return frozenset() if role.name == ADMINISTRATOR else KINDS[role.kind].offered


def pairs_of(account: Account) -> frozenset[Pair]:
    """All views and permissions that the account's roles open."""
    return frozenset(pair for role in account.roles for pair in _opened(role))


def copy_role(like: Role, *, name_pl: str, name_en: str, by: Account) -> Role:
    """A role of one's own that may do what the other one may, and shows the same rows.

    Raises RoleNameTaken, MoreThanYours.
    """
    _check_names(None, name_pl, name_en)
    chosen = sorted(abilities_of(like) & (KINDS[like.kind].offered | KINDS[like.kind].always))
    role = Role(name=_free_code(name_en), kind=like.kind, name_pl=name_pl, name_en=name_en, abilities=chosen)
    _check_within(_opened(role), by)
    db.session.add(role)
    db.session.flush()
    write_out(role)
    return role


def rename(role: Role, *, name_pl: str, name_en: str) -> None:
    """Call a copy otherwise; its code stays. Raises ShippedRole, RoleNameTaken."""
    if is_shipped(role):
        raise ShippedRole
    _check_names(role, name_pl, name_en)
    role.name_pl, role.name_en = name_pl, name_en


def set_abilities(role: Role, chosen: Collection[str], *, by: Account) -> None:
    """Let the role do what was chosen, within what its kind offers. Raises ShippedRole, MoreThanYours."""
    wanted = sorted(held_by(role.kind, chosen))
    if wanted == sorted(abilities_of(role)):
        return
    _choose(role, wanted, by=by)


def reset(role: Role, *, by: Account) -> None:
    """Let the shipped role do again what it was shipped with; a copy, what its kind was. Raises MoreThanYours."""
    if is_shipped(role):
        _choose(role, None, by=by)
    else:
        set_abilities(role, KINDS[role.kind].shipped, by=by)


def remove(role: Role) -> None:
    """Remove a copy that nobody holds. Raises ShippedRole, RoleHeld."""
    if is_shipped(role):
        raise ShippedRole
    held = select(assoc_user_role.c.id).where(assoc_user_role.c.role_id == role.id)
    if db.session.scalar(held.limit(1)) is not None:
        raise RoleHeld
    role.permissions = []
    db.session.flush()
    db.session.delete(role)


def write_out(role: Role) -> None:
    """Write what the role may do as permissions of Flask-AppBuilder."""
    opened = _opened(role)
    rows = db.session.execute(
        select(PermissionView, ViewMenu.name, Permission.name)
        .join(ViewMenu, PermissionView.view_menu_id == ViewMenu.id)
        .join(Permission, PermissionView.permission_id == Permission.id)
    )
    role.permissions = [row for row, view, permission in rows if (view, permission) in opened]


def check_given(before: Collection[Role], after: Collection[Role], *, by: Account) -> None:
    """Whether `by` may give and take these roles. Raises MoreThanYours."""
    for role in set(before) ^ set(after):
        _check_within(_opened(role), by)


def check_below(account: Account, *, by: Account) -> None:
    """Whether `by` may do all that the account may, and so may change it. Raises NobodyElses."""
    if account.id != by.id and not pairs_of(account) <= pairs_of(by):
        raise NobodyElses


def keep_an_administrator(account: Account) -> None:
    """Ask before an account is deactivated or loses roles: somebody else must be an administrator. Raises
    LastAdministrator."""
    if not is_administrator(account):
        return
    role = role_of_code(ADMINISTRATOR, lock=True)  # two who shut each other out come one after the other
    others = select(Account.id).where(Account.active, Account.id != account.id, Account.roles.contains(role))
    if db.session.scalar(others.where(Account.password.is_not(None)).limit(1)) is None:
        raise LastAdministrator


def is_administrator(account: Account) -> bool:
    """Whether the account holds the role that may do everything."""
    return any(role.name == ADMINISTRATOR for role in account.roles)


def _choose(role: Role, abilities: Sequence[str] | None, *, by: Account) -> None:
    if role.name == ADMINISTRATOR:
        raise ShippedRole
    before, held = _opened(role), abilities_of(role)
    _check_within(opened_by(role.kind, abilities) - before, by)
    role.abilities = None if abilities is None else list(abilities)
    role.stamp = new_stamp()
    write_out(role)
    given, taken = abilities_of(role) - held, held - abilities_of(role)
    write_down(AuditKind.RIGHTS, by=by, about=role.name, given=sorted(given), taken=sorted(taken))


def _opened(role: Role) -> frozenset[Pair]:
    return opened_by(role.kind, role.abilities)


def _check_within(wanted: Collection[Pair], by: Account) -> None:
    if not pairs_of(by).issuperset(wanted):
        raise MoreThanYours


def _check_names(own: Role | None, name_pl: str, name_en: str) -> None:
    wanted = {name_pl.casefold(), name_en.casefold()}  # SQLite's lower() knows no Polish letters
    rows = db.session.execute(select(Role.name_pl, Role.name_en, Role.name).where(Role.id != (own.id if own else 0)))
    if any(name.casefold() in wanted for row in rows for name in row if name):
        raise RoleNameTaken


def _free_code(name: str) -> str:
    """A code that programs can write, made of the English name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_CODE - 4] or "role"
    taken = set(db.session.scalars(select(Role.name).where(Role.name.startswith(stem, autoescape=True))))
    return next(code for code in (stem, *(f"{stem}-{number}" for number in range(2, 999))) if code not in taken)
