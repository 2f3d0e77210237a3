"""Fields in lists of the desk: filters, orders and columns, as far as the reader may know of them.

In the address they are called by their API names: `field.build=14.2`, `field.cost.from=100`, `sort=field.cost`. A name
that is unknown, forbidden, not for filtering or not ready is refused by name: were it left out, the list would show
what nobody asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, false
from werkzeug.datastructures import MultiDict

from app.access.fields import fields_of
from app.desk.errors import DeskError
from app.desk.field_indexes import ready
from app.extensions import db
from app.fields import Definition, Kind, Unfit, clean, from_form
from app.fields.kinds import RANGED
from app.fields.text import path_of
from app.locale import choose_zone, language
from app.models import field_values
from app.models.field_column import between, equals, holds_key, indexed, indexed_order, may_sort, order_of
from app.models.field_values import ASIDE
from app.models.ranges import Indexed, Order
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.views import visitor
from app.views.desk.filters import Arguments
from app.views.fields import shown_text
from app.views.references import reference_names

PREFIX = "field."
FROM, TO = ".from", ".to"


@dataclass(frozen=True)
class Listed:
    """What is listed: whose fields they are, and the table that holds their values."""

    owner: str
    model: Any


TICKETS = Listed("ticket", Ticket)


class UnknownField(DeskError):
    """A filter or order by a field that is not there, or not open to this account: nobody can tell which."""

    def __init__(self, name: str) -> None:
        self.sentence = _("There is no field “%(name)s” to filter or sort by.", name=name[:60])
        super().__init__(self.sentence)


class UnfitFilter(DeskError):
    def __init__(self, field: Definition, unfit: Unfit) -> None:
        self.sentence = f"{field.label(language())}: {unfit.translated(_)}"
        super().__init__(self.sentence)


@dataclass(frozen=True)
class FilterBox:
    """One filter above the list: `parts` are names in the address with what was typed."""

    field: Definition
    label: str
    parts: Sequence[tuple[str, str, Any]]  # name, typed, label
    options: Sequence[tuple[str, str]] = ()


def offered(of: Listed = TICKETS) -> list[Definition]:
    """The fields that this visitor may filter by now: of tickets those whose index is ready."""
    wanted = [each for each in _readable(of) if each.filterable]
    if of is not TICKETS or not wanted:
        return wanted
    built = ready()
    return [each for each in wanted if each.id in built]


def conditions(args: Arguments) -> list[Indexed]:
    """What is asked of fields. Raises UnknownField, UnfitFilter."""
    found, field = _filters(args, TICKETS), sorted_by(args, TICKETS)
    asked = {code for code in args.getlist("column") if code.startswith(PREFIX)}
    unknown = sorted(asked - named_columns().keys()) if asked else []
    if args.get("by", "").startswith(PREFIX):
        unknown.append(args["by"])  # no list is grouped by a field
    if unknown:
        raise UnknownField(unknown[0].removeprefix(PREFIX))
    return [*found, indexed_order(Ticket, field)] if field else found


def asked_of(args: Arguments, of: Listed) -> list[ColumnElement[bool]]:
    """The filters by fields. Raises UnknownField, UnfitFilter."""
    return [each.clause for each in _filters(args, of)]


def _filters(args: Arguments, of: Listed) -> list[Indexed]:
    given = [(name, typed) for name, typed in args.items() if _is_filter(name, typed)]
    known = _known(of) if given else {}
    return [_asked(known, name, typed, of) for name, typed in given]


def order(args: Arguments) -> Order | None:
    """The order by a field that is asked for. Raises UnknownField."""
    field = sorted_by(args, TICKETS)
    return order_of(Ticket, field) if field else None


def sorted_by(args: Arguments, of: Listed) -> Definition | None:
    """The field that the list is to be sorted by. Raises UnknownField."""
    return _sorted_by(_known(of), args) if args.get("sort", "").startswith(PREFIX) else None


def without_unknown(args: Arguments) -> tuple[Arguments, list[str]]:
    """What was kept once, without what this visitor cannot ask of fields now, and of which kinds that was."""
    known = _known()
    shown = named_columns()
    left: list[tuple[str, str]] = []
    out: list[str] = []
    for name, typed in args.items(multi=True):
        try:
            if _is_filter(name, typed):
                _asked(known, name, typed, TICKETS)
            elif name == "sort":
                _sorted_by(known, args)
            elif name == "column" and typed.startswith(PREFIX) and typed not in shown:
                raise UnknownField(typed)
            left.append((name, typed))
        except (UnknownField, UnfitFilter):
            out.append({"sort": "order", "column": "column"}.get(name, "filter"))
    return MultiDict(left), out


def orders(of: Listed = TICKETS) -> list[tuple[str, str]]:
    """The orders by fields that are offered."""
    return [(PREFIX + each.name, each.label(language())) for each in offered(of) if may_sort(each)]


def boxes(args: Arguments, of: Listed = TICKETS) -> list[FilterBox]:
    """The filters above the list."""
    return [_box(each, args) for each in offered(of)]


def columns() -> list[Definition]:
    """The fields that stand in the list."""
    return [each for each in _readable(TICKETS) if each.in_grid]


def named_columns() -> dict[str, Definition]:
    """The same by what an address calls them, also by a name from before."""
    return {PREFIX + name: each for each in columns() for name in _names(each)}


def cells(rows: Iterable[Ticket], fields: Sequence[Definition]) -> dict[int, list[str]]:
    """The texts of the columns, by the ticket's id. References are read once for all rows."""
    values = {row.id: field_values.values(row) for row in rows}
    names = reference_names((each, kept.get(each.id)) for kept in values.values() for each in fields)
    return {
        row_id: [shown_text(each, kept[each.id], names) if each.id in kept else "" for each in fields]
        for row_id, kept in values.items()
    }


def _readable(of: Listed) -> tuple[Definition, ...]:
    return fields_of(db.session(), visitor.standing(), of.owner)


def _known(of: Listed = TICKETS) -> dict[str, Definition]:
    """What may be filtered by, by the names that answer."""
    return {name: each for each in offered(of) for name in _names(each)}


def _names(field: Definition) -> list[str]:
    today = utc_now().date().isoformat()
    return [field.name, *(name for name, until in field.old_names.items() if until >= today)]


def _is_filter(name: str, typed: str) -> bool:
    return name.startswith(PREFIX) and bool(typed.strip())


def _asked(known: dict[str, Definition], name: str, typed: str, of: Listed) -> Indexed:
    """One filter. Raises UnknownField, UnfitFilter."""
    bare = name.removeprefix(PREFIX)
    end = next((end for end in (FROM, TO) if bare.endswith(end)), "")
    field = known.get(bare.removesuffix(end))
    if field is None or bool(end) != (field.kind in RANGED):
        raise UnknownField(bare)
    return _condition(field, typed.strip(), end, of)


def _sorted_by(known: dict[str, Definition], args: Arguments) -> Definition | None:
    asked = args.get("sort", "")
    if not asked.startswith(PREFIX):
        return None
    field = known.get(asked.removeprefix(PREFIX))
    if field is None or not may_sort(field):
        raise UnknownField(asked.removeprefix(PREFIX))
    return field


def _condition(field: Definition, typed: str, end: str, of: Listed) -> Indexed:
    plain = field.changed(least=None, most=None, pattern=".*" if field.kind == Kind.PATTERN else field.pattern)
    try:
        raw = from_form(plain, [typed], zone=choose_zone())
        value = clean(plain, raw)
    except Unfit as unfit:
        raise UnfitFilter(field, unfit) from unfit
    if field.kind == Kind.CHOICES:
        value = value[0] if value else None
    return indexed(of.model, field, _clause(field, value, end, of), value)


def _clause(field: Definition, value: Any, end: str, of: Listed) -> ColumnElement[bool]:
    if value is None:
        return false()
    if not end and field.kind in ASIDE and of is not TICKETS:
        return holds_key(of.model, field, value)
    if not end:
        return equals(of.model, field, value)
    return between(of.model, field, value if end == FROM else None, value if end == TO else None)


def _box(field: Definition, args: Arguments) -> FilterBox:
    name, label = PREFIX + field.name, field.label(language())
    if field.kind in RANGED:
        ends = ((name + FROM, _("from")), (name + TO, _("to")))
        return FilterBox(field, label, [(end, args.get(end, ""), words) for end, words in ends])
    options: list[tuple[str, str]] = [(each.key, path_of(field, each.key, language())) for each in field.options]
    if field.kind == Kind.YES_NO:
        options = [("yes", _("Yes")), ("no", _("No"))]
    return FilterBox(field, label, [(name, args.get(name, ""), label)], options)
