"""The authors' list: which entries its address asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased
from werkzeug.datastructures import MultiDict

from app.access import sees_draft
from app.locale import SPOKEN
from app.models.entry import Entry, EntryTag, TextState, Variant, entry_group, fields_owner
from app.models.field_column import SORTED, order_column
from app.models.ranges import Order, Rows
from app.views import visitor
from app.views.desk import field_filters
from app.views.desk.field_filters import Listed
from app.views.desk.filters import row_id

Arguments = MultiDict[str, str]
Condition = ColumnElement[bool] | None
BIN, WITHOUT = "bin", "no-"
NEWEST = Order(Entry.changed_at, Entry.id)
QUICK_VIEWS: tuple[tuple[Any, str], ...] = (
    (_l("All"), ""),
    (_l("Mine"), "mine=1"),
    (_l("To be reviewed"), "state=review"),
    (_l("Translations out of date"), "late=1"),
    (_l("Drafts"), "state=draft"),
    (_l("Scheduled"), "state=scheduled"),
    (_l("Bin"), "state=bin"),
)


def entries(args: Arguments) -> Rows:
    """The entries that this visitor may work with or look at, as the address filters them. Raises UnknownField,
    UnfitFilter."""
    rows, by = Rows(Entry, (sees_draft(visitor.standing()),)), order(args)
    if by is not NEWEST:
        rows = rows.where(by.column.element.is_not(None))
    return rows.where(*(found for part in FILTERS for found in part(args)))


def fields_listed(args: Arguments) -> Listed:
    """Whose fields can be asked for: those of the type that is listed; of all types none."""
    return Listed(fields_owner(args.get("type", "")[:40]), Variant)


def order(args: Arguments) -> Order:
    """The newest change first, or by a field of the text in the language asked for, else of the source; from the least
    on, and only texts that have a value. Raises UnknownField."""
    field = field_filters.sorted_by(args, fields_listed(args))
    if field is None:
        return NEWEST
    value, chosen = order_column(Variant, field), args.get("language", "")
    language: Any = chosen if chosen in SPOKEN else Entry.source_language
    kept = select(value).where(Variant.entry_id == Entry.id, Variant.language == language)
    read = partial(_sorted_value, key=value.field_key, language=chosen if chosen in SPOKEN else "")
    return Order(kept.correlate(Entry).scalar_subquery().label(SORTED), Entry.id, descending=False, read=read)


def _sorted_value(entry: Entry, *, key: str, language: str) -> Any:
    text = entry.variant(language or entry.source_language)
    return text.fields.get(key) if text else None


def _bin(args: Arguments) -> Iterator[ColumnElement[bool]]:
    is_bin = args.get("state") == BIN
    yield Entry.binned_at.is_not(None) if is_bin else Entry.binned_at.is_(None)


def _type(args: Arguments) -> Iterator[ColumnElement[bool]]:
    if args.get("type"):
        yield Entry.type_code == args["type"][:40]


def _text(args: Arguments) -> Iterator[ColumnElement[bool]]:
    """State, language, title and fields are asked of one and the same text. Raises UnknownField, UnfitFilter."""
    wanted, language = args.get("state", ""), args.get("language", "")
    asked: list[ColumnElement[bool]] = []
    if wanted in list(TextState):
        asked.append(Variant.state == wanted)
    if language in SPOKEN:
        asked.append(Variant.language == language)
    words = " ".join(args.get("text", "").replace("\x00", "").split())[:200]
    if words:
        asked.append(_titled(words))
    asked += field_filters.asked_of(args, fields_listed(args))
    if asked:
        yield exists().where(Variant.entry_id == Entry.id, *asked)
    if language.removeprefix(WITHOUT) in SPOKEN and language.startswith(WITHOUT):
        yield ~exists().where(Variant.entry_id == Entry.id, Variant.language == language.removeprefix(WITHOUT))


def _titled(words: str) -> ColumnElement[bool]:
    """SQLite knows the small form of Latin letters only, so Polish ones are asked for in each form."""
    found = Variant.title.icontains(words, autoescape=True)
    for form in {words.lower(), words.upper(), words.capitalize()}:
        found = found | Variant.title.contains(form, autoescape=True)
    return found


def _group(args: Arguments) -> Iterator[ColumnElement[bool]]:
    group_id = row_id(args.get("group", ""))
    if group_id is not None:
        about = select(entry_group.c.entry_id).where(entry_group.c.product_group_id == group_id)
        yield Entry.id.in_(about)


def _tag(args: Arguments) -> Iterator[ColumnElement[bool]]:
    name = args.get("tag", "").replace("\x00", "").strip().lower()
    if name:
        yield exists().where(EntryTag.entry_id == Entry.id, EntryTag.name == name)


def _late(args: Arguments) -> Iterator[ColumnElement[bool]]:
    if args.get("late"):
        source = aliased(Variant)
        late = (Variant.entry_id == Entry.id) & (source.entry_id == Entry.id)
        yield exists().where(late, source.language == Entry.source_language, Variant.source_version < source.version)


def _mine(args: Arguments) -> Iterator[ColumnElement[bool]]:
    if args.get("mine"):
        yield Entry.created_by_id == visitor.account().id


FILTERS: tuple[Callable[[Arguments], Iterator[ColumnElement[bool]]], ...] = (
    *(_bin, _type, _text, _group),
    *(_tag, _late, _mine),
)
