"""The columns of the ticket list: which, and in which order. An address or a view says it, else the person's choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.desk import saved_views
from app.fields import Definition
from app.locale import language
from app.models.account import Account
from app.views.desk import field_filters
from app.views.desk.filters import Arguments

COLUMN = "column"  # in the address, once for each
KEPT = "columns"  # in Account.workspace
DENSITY, COMPACT = "density", "compact"
BUILT_IN = {
    "state": _l("State"),
    "priority": _l("Priority"),
    "group": _l("Product group"),
    "customer": _l("Customer"),
    "assignee": _l("Who answers"),
    "arrived": _l("Arrived"),
    "due": _l("Due"),
    "updated": _l("Last change"),
}


@dataclass(frozen=True)
class Column:
    """A column beside the ticket's number and subject. An administrator's field has its definition."""

    code: str
    label: str
    field: Definition | None = None


def every() -> list[Column]:
    """All that this visitor may choose from, in the order in which they stand for who has chosen nothing."""
    own = [Column(code, str(label)) for code, label in BUILT_IN.items()]
    fields = [
        Column(field_filters.PREFIX + each.name, each.label(language()), each) for each in field_filters.columns()
    ]
    return [*own[:-1], *fields, own[-1]]


def chosen(args: Arguments, account: Account) -> list[Column]:
    """The columns to show; kept, one that is not there or not open to him is left out."""
    offered = every()
    asked = args.getlist(COLUMN) or saved_views.chosen(account, KEPT, [])
    known = {column.code: column for column in offered}
    renamed = {code: field_filters.PREFIX + each.name for code, each in field_filters.named_columns().items()}
    found = dict.fromkeys(renamed.get(code, code) for code in asked)
    return [known[code] for code in found if code in known] or offered


def is_compact(account: Account) -> bool:
    return bool(saved_views.chosen(account, DENSITY, "") == COMPACT)


def fields_in(columns: Sequence[Column]) -> list[Definition]:
    return [column.field for column in columns if column.field]
