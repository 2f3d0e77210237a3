"""What a read of content asks for, by plain parameters. Whatever is not known, or said twice, is refused by name."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, false
from werkzeug.datastructures import MultiDict

from app.access import LARGEST_ID
from app.content.delivery import SORTS, Wanted, about, tagged
from app.fields import Definition
from app.locale import DEFAULT_LANGUAGE, SPOKEN
from app.models.delivered import Delivered
from app.signs import is_storable
from app.views.api.asked import DEFAULT_SIZE, LARGEST_SIZE, LONGEST_NAME, Refused, instant
from app.views.api.refusals import Unfit

COLUMNS = (
    *("id", "type", "language", "source_language", "version", "title", "summary", "body", "html", "address"),
    *("addresses", "tags", "product_groups", "published_at", "first_published_at"),
)
FIELDS = "fields"  # a column more, of types that have some
EXPANDED = ("product_groups",)  # one level deep, as many as a page holds
FALLBACKS = ("source", "none")
OF_ITEMS = ("language", "fallback", "columns", "expand", "_l_")
TIMES = {f"{name}_{operator}": (name, operator) for name in SORTS for operator in ("gt", "lt")}
FILTERS = ("id", "tag", "product_group", "address", *TIMES)
OF_LISTS = (*OF_ITEMS, "sort", "page_size", "after", *FILTERS)
SEVERAL = ("tag", "product_group")  # may stand several times: all must hold
MOST_IDS = 100
Arguments = MultiDict[str, str]
Read = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True)
class Shape:
    """How the documents shall look: all columns or these, and what of them is expanded."""

    language: str
    fallback: bool
    columns: tuple[str, ...] | None
    expand: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether the ready documents are it."""
        return self.columns is None and not self.expand


def shape(args: Arguments, known: Collection[str] = OF_ITEMS, *, filled: bool = False) -> Shape:
    """`filled` says that the texts have fields. Raises Unfit."""
    _refuse_others(args, known)
    language = _one_of(args, "language", tuple(SPOKEN), DEFAULT_LANGUAGE)
    fallback = _one_of(args, "fallback", FALLBACKS, FALLBACKS[0])
    choices = (*COLUMNS, FIELDS) if filled else COLUMNS
    columns = _several_of(args, "columns", choices) if "columns" in args else None
    return Shape(language, fallback == FALLBACKS[0], columns, _several_of(args, "expand", EXPANDED))


def wanted(
    type_code: str, args: Arguments, *, filled: bool, by_field: Mapping[str, Read], sorts: Mapping[str, Definition]
) -> tuple[Shape, Wanted]:
    """A list; `by_field` are the filters that fields of the type make, `sorts` the orders. Raises Unfit."""
    how = shape(args, (*OF_LISTS, *by_field), filled=filled)
    names = (*SORTS, *sorts)
    sort = _one_of(args, "sort", (*names, *(f"-{name}" for name in names)), "-published_at")
    size = _read(args, "page_size", lambda text: _within(text, 1, LARGEST_SIZE)) if "page_size" in args else None
    name = sort.removeprefix("-")
    field = sorts.get(name)
    after = _read(args, "after", _place if field else _position) if "after" in args else None
    conditions = (*_conditions(args), *(_read(args, name, by_field[name]) for name in by_field if name in args))
    return how, Wanted(
        type_code,
        how.language,
        how.fallback,
        conditions,
        name,
        field,
        sort[0] == "-",
        size or DEFAULT_SIZE,
        after,
        filled=filled and (how.columns is None or FIELDS in how.columns),
    )


def cursor(value: Any, variant_id: int) -> str:
    """By which the page after that row is asked for: its time, or its value of a field."""
    said = value.isoformat() if isinstance(value, datetime) else json.dumps(value, ensure_ascii=False)
    return f"{said}~{variant_id}"


def _conditions(args: Arguments) -> list[ColumnElement[bool]]:
    found = [tagged(" ".join(tag.lower().split())) for tag in args.getlist("tag")]
    found += [about(_read({"product_group": each}, "product_group", _row_id)) for each in args.getlist("product_group")]
    if "id" in args:
        found.append(Delivered.entry_id.in_(_read(args, "id", _row_ids)))
    if "address" in args:
        found.append(Delivered.slug == args["address"] if is_storable(args["address"]) else false())
    for parameter, (name, operator) in TIMES.items():
        if parameter in args:
            time = _read(args, parameter, lambda text, of=parameter: instant(text, of))  # type: ignore[misc]
            found.append(SORTS[name] > time if operator == "gt" else SORTS[name] < time)
    return found


def _refuse_others(args: Arguments, known: Collection[str]) -> None:
    errors = {
        name[:LONGEST_NAME]: _("There is no such parameter here; there are %(names)s.", names=", ".join(known))
        for name in args
        if name not in known
    }
    errors |= {
        name: _("This parameter may stand once.")
        for name in args
        if name in known and name not in SEVERAL and len(args.getlist(name)) > 1
    }
    if errors:
        raise Unfit(errors)


def _read(args: Mapping[str, str], name: str, how: Callable[[str], Any]) -> Any:
    try:
        return how(args[name])
    except Refused as refusal:
        raise Unfit({name: str(refusal)}) from refusal


def _one_of(args: Arguments, name: str, choices: Collection[str], default: str) -> str:
    chosen = args.get(name, default)
    if chosen not in choices:
        raise Unfit({name: _("This is not one of: %(choices)s.", choices=", ".join(choices))})
    return chosen


def _several_of(args: Arguments, name: str, choices: Collection[str]) -> tuple[str, ...]:
    """The names between commas, each once."""
    chosen = tuple(dict.fromkeys(args[name].split(","))) if name in args else ()
    if any(each not in choices for each in chosen):
        raise Unfit({name: _("Name some of these, with commas between: %(choices)s.", choices=", ".join(choices))})
    return chosen


def _within(text: str, least: int, most: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else -1
    if not least <= number <= most:
        raise Refused(_("This may be from %(least)s to %(most)s.", least=least, most=most))
    return number


def _row_id(text: str) -> int:
    return _within(text, 0, LARGEST_ID)


def _row_ids(text: str) -> list[int]:
    parts = text.split(",")
    if len(parts) > MOST_IDS:
        raise Refused(_("These are too many: there may be %(limit)s.", limit=MOST_IDS))
    return [_row_id(part) for part in parts]


def _position(text: str) -> tuple[datetime, int]:
    time, _mark, row_id = text.rpartition("~")
    try:
        return instant(time, "after"), _row_id(row_id)
    except Refused:
        raise Refused(_("The cursor is not one that an earlier answer gave as next.")) from None


def _place(text: str) -> tuple[Any, int]:
    """A value of a field and the row that has it."""
    said, _mark, row_id = text.rpartition("~")
    try:
        value, row = json.loads(said), _row_id(row_id)
    except (ValueError, RecursionError, Refused):
        value, row = None, 0
    is_text = isinstance(value, str) and is_storable(value)
    if not is_text and not (isinstance(value, (int, float)) and abs(value) < 2**53):
        raise Refused(_("The cursor is not one that an earlier answer gave as next."))
    return value, row
