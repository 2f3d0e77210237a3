"""Changes of rights and settings, written into the audit log whichever door they came by.

Everything that somebody changes through the mapped classes in a request is seen here, with the old value and the new
one; what workers and commands do by themselves is not somebody's act.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import has_request_context
from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.orm import InstanceState, Session
from sqlalchemy.sql.elements import KeyedColumnElement

from app.events.audit import AuditKind, entry_values
from app.models.audit import AuditEntry
from app.models.base import Model

RIGHTS = frozenset({"ab_user", "ab_role", "assignment", "invitation", "membership", "membership_group", "participant"})
SETTINGS = frozenset(
    {
        "calendar",
        "desk_setting",
        "intake_rule",
        "letter_template",
        "mail_connection",
        "mail_domain",
        "mailbox",
        "organisation",
        "organisation_domain",
        "product_group",
        "ready_answer",
        "service_level",
        "state",
        "state_move",
        "tag",
    }
)
ONLY = {  # of wide tables, and of those that hold secrets
    "ab_user": ("email", "active", "roles"),
    "ab_role": ("name", "kind", "name_pl", "name_en"),
    "mail_connection": (
        "mailbox_id", "direction", "active", "way", "host", "port", "security", "username", "secret_changed_at",
        "folder", "move_to", "signs_in", "authority", "client_id", "secret_expires_on",
    ),
}  # fmt: skip
UNTOLD = frozenset({"id", "created_at", "updated_at"})
NAMES = (
    "email",
    "address",
    "domain",
    "name",
    "name_en",
)  # the column by which people know a row, the first that it has
LONGEST = 400


def note_changes(session: Session, _context: object) -> None:
    """Write down each changed row of a watched table. Listens to `after_flush`, when ids are known."""
    if not has_request_context():
        return
    for act, objects in (("added", session.new), ("changed", session.dirty), ("removed", session.deleted)):
        for row in list(objects):
            if isinstance(row, Model) and row.__table__.name in RIGHTS | SETTINGS:
                _note(session.connection(), row, act)


def _note(connection: Connection, row: Model, act: str) -> None:
    values = dict(_values(connection, inspect(row), act))
    if not values:
        return
    table = row.__table__.name
    kind = AuditKind.RIGHTS if table in RIGHTS else AuditKind.SETTINGS
    data = {"table": table, "id": getattr(row, "id", None), "act": act, "values": values}
    connection.execute(insert(AuditEntry).values(**entry_values(kind, about=_about(connection, row), data=data)))


def _values(connection: Connection, state: InstanceState[Any], act: str) -> Iterator[tuple[str, str | list[str]]]:
    """Each told attribute with its value, or with the old and the new one."""
    table = state.class_.__table__
    told = ONLY.get(table.name, [each.key for each in state.mapper.column_attrs])
    for name in (name for name in told if name not in UNTOLD):
        history = state.attrs[name].history
        column = table.columns.get(name)
        old, new = ([_said(connection, column, value) for value in side or ()] for side in (history[2], history[0]))
        if act == "changed" and (old or new):
            yield name, [", ".join(old), ", ".join(new)]
        elif act != "changed":
            yield name, ", ".join(_said(connection, column, value) for value in history.sum() or ())


def _said(connection: Connection, column: KeyedColumnElement[Any] | None, value: Any) -> str:
    """A value as the log keeps it: the name of what it points to, else its own words."""
    if value is None:
        return ""
    for key in column.foreign_keys if column is not None else ():
        name = next((key.column.table.columns[each] for each in NAMES if each in key.column.table.columns), None)
        if name is not None:
            return str(connection.scalar(select(name).where(key.column == value)) or value)[:LONGEST]
    return (value.isoformat() if isinstance(value, datetime) else str(value))[:LONGEST]


def _about(connection: Connection, row: Model) -> str:
    """What people call the row: its name, or the account or mailbox that it speaks of."""
    columns = type(row).__table__.columns
    name = next((str(getattr(row, each)) for each in NAMES if each in columns and getattr(row, each)), "")
    of = next((each for each in ("account_id", "mailbox_id") if each in columns), None)
    return name if name or of is None else _said(connection, columns[of], getattr(row, of))
