"""What `run.py init` does: schema, roles and the preset of the instruction; and how the key is replaced."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_appbuilder.security.sqla.models import Permission, PermissionView, ViewMenu
from sqlalchemy import select

import app.models.all  # noqa: F401  every mapped class, before Flask-AppBuilder's views ask for one
from app import known_key
from app.access import ROLES
from app.accounts import factors, roles
from app.calendar.preset import CWT
from app.catalogs import glossary
from app.content.documents import make_missing
from app.content.types import add_built_in_types
from app.desk.calendars import add_calendar
from app.desk.states import add_first_moves
from app.desk.telephone import Telephone, set_telephone, telephone
from app.events.audit import AuditKind, write_down
from app.events.transaction import transaction
from app.extensions import appbuilder, db
from app.models import migrate
from app.models.account import Role
from app.models.mailbox import Mailbox
from app.models.product_group import CalendarRecord, ProductGroup
from app.models.ticket import Counter, State, StateKind, Ticket
from app.search.engine import engine

TELEPHONE = Telephone(number="+48 00 000 00 00", first_digit="3")
# S5 and S18: name, telephone digit, mailbox.
PRODUCT_GROUPS = (
    ("DYNAMICS", "1", "PomocDYNAMICS@pomoc.example"),
    ("PROPHIX", "2", "PomocPROPHIX@pomoc.example"),
    ("TARGIT", "3", "PomocTARGIT@pomoc.example"),
    ("POWER BI", "4", "PomocPOWERBI@pomoc.example"),
)
STATES = (
    (StateKind.UNCONFIRMED, "Niepotwierdzone", "Unconfirmed"),
    (StateKind.NEW, "Nowe", "New"),
    (StateKind.OPEN, "W realizacji", "Open"),
    (StateKind.WAITING_CUSTOMER, "Czeka na klienta", "Waiting for the customer"),
    (StateKind.WAITING_THIRD_PARTY, "Czeka na dostawcę", "Waiting for a third party"),
    (StateKind.RESOLVED, "Rozwiązane", "Resolved"),
    (StateKind.CLOSED, "Zamknięte", "Closed"),
)


def init(app: Flask, *, preset: str | None = None) -> None:
    """Bring schema, states, types of entries, glossary, roles and permissions up to date; with preset `cwt` also its
    desk. May run again."""
    with app.app_context():
        migrate.upgrade(db.engine)
        known_key.is_known(db.engine, app.extensions["settings"].secret_key)  # the first one is kept
        with transaction():
            add_states()
            add_built_in_types()
            make_missing()
            glossary.add_shipped()
        sync_roles()
        if preset == "cwt":
            with transaction():
                add_preset()
        begin_index()


def replace_key(app: Flask) -> int | None:
    """Let the database belong to this process's SECRET_KEY; how many people lost what only the old key could read.

    None when it is that key already, and nothing was changed.
    """
    key = app.extensions["settings"].secret_key
    with app.app_context():
        if known_key.is_known(db.engine, key):
            return None
        with transaction():
            people = factors.forget_all_codes()
            write_down(AuditKind.SETTINGS, who="run.py key", about="SECRET_KEY")
        known_key.replace(db.engine, key)
        return people


def begin_index() -> None:
    """An empty desk begins with an empty search index; that of another is left to whoever finds it missing."""
    if db.session.scalar(select(Ticket.id).limit(1)) is None and not engine().is_healthy():
        engine().rebuild(lambda _after: ())


def add_states() -> None:
    """The states of fixed kinds with the moves between them, and the counter of ticket numbers, where missing."""
    for position, (kind, polish, english) in enumerate(STATES):
        if db.session.get(State, kind) is None:
            db.session.add(State(code=kind, kind=kind, name_pl=polish, name_en=english, position=position))
    add_first_moves()
    if db.session.get(Counter, "ticket") is None:
        db.session.add(Counter(name="ticket", value=1000))


def add_preset() -> None:
    """The desk of the instruction: calendar CWT, four product groups, their mailboxes, the telephone and its menu."""
    if not telephone().number:
        set_telephone(TELEPHONE)
    found = select(CalendarRecord).where(CalendarRecord.name == CWT.name)
    calendar = db.session.scalars(found).one_or_none() or add_calendar(CWT)
    for position, (name, digit, address) in enumerate(PRODUCT_GROUPS):
        group = _one(ProductGroup, name=name, menu_digit=digit, position=position, calendar=calendar)
        if db.session.scalar(select(Mailbox.id).where(Mailbox.address == address.lower())) is None:
            db.session.add(Mailbox(address=address.lower(), name=address, product_group_id=group.id, active=True))


def sync_roles() -> None:
    """Every view's permissions as rows, and each role with those that its abilities stand for. What an administrator
    chose for a role stays chosen."""
    manager = appbuilder.sm
    for name in (*ROLES, "public"):
        manager.add_role(name)
    with transaction():
        _write_permissions()
    appbuilder.add_permissions(update_perms=True)
    for role in db.session.scalars(select(Role).where(Role.name != roles.ADMINISTRATOR)):
        roles.write_out(role)
    db.session.commit()
    manager.forget_permissions()


def _write_permissions() -> None:
    """The rows that FAB would else add one by one, each in a transaction of its own: five hundred flushes of a disk."""
    wanted = {(action, view.class_permission_name) for view in appbuilder.baseviews for action in view.base_permissions}
    for entry in appbuilder.menu.get_list():
        wanted |= {("menu_access", item.name) for item in (entry, *entry.childs) if item.name != "-"}
    there = {(row.permission.name, row.view_menu.name): row for row in db.session.scalars(select(PermissionView))}
    actions = {row.name: row for row in db.session.scalars(select(Permission))}
    views = {row.name: row for row in db.session.scalars(select(ViewMenu))}
    for action, view in sorted(wanted - there.keys()):
        permission = actions.setdefault(action, Permission(name=action))
        there[action, view] = PermissionView(
            permission=permission, view_menu=views.setdefault(view, ViewMenu(name=view))
        )
    administrator = db.session.scalars(select(Role).where(Role.name == roles.ADMINISTRATOR)).one()
    held = set(administrator.permissions)
    administrator.permissions.extend(there[each] for each in sorted(wanted) if there[each] not in held)


def _one(model: type[Any], *, name: str, **values: Any) -> Any:
    """The row of that name, made with `values` where missing."""
    row = db.session.scalars(select(model).where(model.name == name)).one_or_none()
    if row is None:
        row = model(name=name, **values)
        db.session.add(row)
        db.session.flush()
    return row
