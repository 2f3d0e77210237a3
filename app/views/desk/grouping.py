"""The ticket list in groups: each is the list of one value, with its count and its first tickets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, union_all
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.locale import language
from app.mail.names import PRIORITY_NAMES
from app.models.ranges import Order, Rows
from app.models.ticket import Ticket
from app.views import visitor
from app.views.desk.asked import Asked
from app.views.desk.filters import Arguments, conditions
from app.views.listing import CURSORS
from app.views.reference import consultant_choices, group_choices, state_choices

BY, REST = "by", ""  # in the address; the group of all other values
MOST_GROUPS = 40
MOST_COUNTED = 99  # "99+" beyond
SHOWN, MOST_ROWS = 10, 100  # of each group; of all together, where there are many
GROUPINGS = {
    "state": _l("State"),
    "priority": _l("Priority"),
    "group": _l("Product group"),
    "assignee": _l("Who answers"),
}


@dataclass(frozen=True)
class Section:
    """Tickets under a heading; without a label the whole page. `address` shows all of them."""

    rows: Sequence[Ticket]
    label: Any = ""
    count: str = ""
    address: str = ""


def offered() -> dict[str, Any]:
    """By what the list can be grouped: where there are not too many groups."""
    return {code: label for code, label in GROUPINGS.items() if len(_values(code)) <= MOST_GROUPS}


def grouping_of(args: Arguments) -> str:
    asked = args.get(BY, "")
    return asked if asked in offered() else ""


def sections(found: Asked, by: str, order: Order, eager: Sequence[Any], path: str) -> list[Section]:
    """The groups that have tickets, in the order of their values. Two statements, however many groups there are."""
    parts = _parts(found, by)
    counts = _counts(parts)
    shown = max(3, min(SHOWN, MOST_ROWS // max(1, len(counts))))
    firsts = [parts[value].read(order, shown).with_only_columns(Ticket.id).subquery() for value in counts]
    if not firsts:
        return []
    ids = union_all(*(select(first.c.id) for first in firsts))
    rows = db.session.scalars(select(Ticket).where(Ticket.id.in_(ids)).options(*eager)).unique().all()
    ordered = sorted(rows, key=lambda row: (order.value_of(row), row.id), reverse=order.descending)
    return [
        Section(
            [row for row in ordered if _value_of(row, by, parts) == value],
            name,
            counts[value],
            f"{path}?{urlencode([*_without(found.args, by), (by, value)])}" if value != REST else "",
        )
        for value, name in [*_values(by), (REST, _("Others"))]
        if value in counts
    ]


def _parts(found: Asked, by: str) -> dict[str, Rows]:
    """The tickets of each group; those whose value nobody offers any more stand together."""
    wanted = [value for value in found.args.getlist(by) if value]
    base, me = replace(found, args=MultiDict(_without(found.args, by))).rows(), visitor.account().id
    if "me" in wanted:
        wanted.append(str(me))
    values = [value for value, _name in _values(by)]
    parts = {
        value: base.where(*conditions(MultiDict([(by, value)]), me=me))
        for value in values
        if not wanted or value in wanted
    }
    column = {"group": Ticket.product_group_id, "assignee": Ticket.assignee_id}.get(by)
    if column is not None and not wanted:
        parts[REST] = base.where(column.not_in([int(value) for value in values if value.isdecimal()]))
    return parts


def _without(args: Arguments, by: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in args.items(multi=True) if value and name not in (by, BY, *CURSORS)]


def _counts(parts: dict[str, Rows]) -> dict[str, str]:
    """How many tickets each group has; those that have none are left out."""
    columns = [rows.count(MOST_COUNTED + 1).label(f"n{place}") for place, rows in enumerate(parts.values())]
    if not columns:
        return {}
    numbers = dict(zip(parts, db.session.execute(select(*columns)).one(), strict=True))
    return {value: f"{MOST_COUNTED}+" if n > MOST_COUNTED else str(n) for value, n in numbers.items() if n}


def _values(by: str) -> list[tuple[str, str]]:
    if by == "state":
        return state_choices(language())
    if by == "priority":
        return [(str(code), str(name)) for code, name in reversed(PRIORITY_NAMES.items())]
    return group_choices() if by == "group" else [("nobody", _("Nobody")), *consultant_choices()]


def _value_of(row: Ticket, by: str, parts: Collection[str]) -> str:
    if by in ("state", "priority"):
        return str(row.status if by == "state" else row.priority)
    found = row.product_group_id if by == "group" else row.assignee_id
    value = "nobody" if found is None else str(found)
    return value if value in parts else REST
