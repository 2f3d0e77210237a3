"""What programs read of the published texts: few statements, nothing built that was built before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.access import Standing, sees_entry
from app.content.documents import STAMP, etag_of
from app.extensions import db
from app.fields import Definition
from app.locale import called
from app.models.delivered import Delivered
from app.models.entry import ContentType, Entry, EntryAddress, EntryTag, PublishedText, entry_group
from app.models.field_column import has_value, order_column
from app.models.organisation import Membership
from app.models.product_group import ProductGroup
from app.models.ranges import Order
from app.models.ticket import Counter

MOST_COUNTED = 10_000
MOST_KEPT = 256  # queries of each kind
SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "published_at": Delivered.published_at,
    "first_published_at": Delivered.first_published_at,
}
Document = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """A list: texts of a type in a language, or in another where `fallback` allows it, that satisfy the conditions.

    `filled` asks for the values of their fields, too.
    """

    type_code: Any
    language: Any
    fallback: bool = True
    conditions: tuple[ColumnElement[bool], ...] = ()
    sort: str = "published_at"
    by_field: Definition | None = None  # sort by its values instead: what has none is left out
    descending: bool = True
    size: int = 20
    after: tuple[Any, int] | None = None
    filled: bool = False

    @property
    def order(self) -> Order:
        if self.by_field is not None:
            return Order(order_column(PublishedText, self.by_field), Delivered.variant_id, self.descending)
        return Order(SORTS[self.sort], Delivered.variant_id, self.descending)


@dataclass(frozen=True)
class Found:
    """A page of texts, how many there are (counted up to MOST_COUNTED + 1), and the state of things that it shows."""

    rows: Sequence[Row[Any]]
    count: int
    more: bool
    stamp: str


@dataclass(frozen=True)
class Text:
    """A published text, ready. `fields` are the values of its fields by id, where they were asked for."""

    document: str
    etag: str
    language: str
    entry_id: int
    slug: str
    fields: dict[str, Any] | None = None


def stamp(reader: Standing | None) -> str:
    """What lists depend on for this reader: while it is the same, so are they. One statement."""
    return _stamped(reader, db.session.connection().execute(_stamps(reader)).one())


def page(reader: Standing | None, wanted: Wanted) -> Found | None:
    """The page; None where there is no such type. One statement, or two for an empty page."""
    rows = _rows(reader, wanted)
    limit = select(literal(1)).select_from(Delivered).join(Entry, Entry.id == Delivered.entry_id)
    count = select(func.count()).select_from(limit.where(*rows).limit(MOST_COUNTED + 1).subquery()).scalar_subquery()
    shown = (*rows, wanted.order.beyond(*wanted.after)) if wanted.after is not None else rows
    query = (
        select(Delivered.document, Delivered.entry_id, Delivered.language, Delivered.variant_id)
        .add_columns(wanted.order.column.label("sorted_by"), _values(wanted.filled), count, *_stamp(reader))
        .join(Entry, Entry.id == Delivered.entry_id)
        .where(*shown)
        .order_by(*wanted.order.by(wanted.order.columns))
        .limit(wanted.size + 1)
    )
    if wanted.filled or wanted.by_field is not None:
        query = query.join(PublishedText, PublishedText.variant_id == Delivered.variant_id)
    found = db.session.execute(query).all()
    if found:
        return Found(found[: wanted.size], found[0][6], len(found) > wanted.size, _stamped(reader, found[0][7:]))
    known = select(ContentType.code).where(ContentType.code == wanted.type_code).scalar_subquery()
    code, total, *rest = db.session.execute(select(known, count, *_stamp(reader))).one()
    return None if code is None else Found([], total, False, _stamped(reader, rest))


def one(
    reader: Standing | None,
    type_code: str,
    language: str,
    *,
    entry_id: int,
    fallback: bool = True,
    filled: bool = False,
) -> Text | None:
    """That entry's text; None where there is none for this reader. One statement."""
    return _text(_one(reader, fallback, filled), type_code=type_code, language=language, entry_id=entry_id)


def at(reader: Standing | None, type_code: str, language: str, slug: str, *, filled: bool = False) -> Text | None:
    """The text that has the address, or once had it; None where there is none for this reader. One statement."""
    return _text(_at(reader, filled), type_code=type_code, language=language, slug=slug)


def tagged(name: str) -> ColumnElement[bool]:
    """The texts whose entry has the tag."""
    return Delivered.entry_id.in_(select(EntryTag.entry_id).where(EntryTag.name == name))


def about(group_id: int) -> ColumnElement[bool]:
    """The texts about the product group."""
    return Delivered.entry_id.in_(select(entry_group.c.entry_id).where(entry_group.c.product_group_id == group_id))


def filled_with(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The texts of whose fields that holds, a condition over PublishedText."""
    return Delivered.variant_id.in_(select(PublishedText.variant_id).where(condition))


def expand_groups(documents: Sequence[Document]) -> None:
    """Put each product group's name, as the reader calls it, beside its id. One statement."""
    ids = {group_id for document in documents for group_id in document.get("product_groups", ())}
    query = select(ProductGroup.id, ProductGroup.name, ProductGroup.names).where(ProductGroup.id.in_(ids))
    names = {group.id: called(group) for group in db.session.execute(query)}
    for document in documents:
        if "product_groups" in document:
            document["product_groups"] = [{"id": each, "name": names[each]} for each in document["product_groups"]]


def parsed(document: str, columns: Sequence[str] | None = None) -> Document:
    """The document, or these columns of it."""
    whole: Document = json.loads(document)
    return whole if columns is None else {name: whole[name] for name in columns}


def _texts(filled: bool) -> Select[Any]:
    columns: list[InstrumentedAttribute[Any]]
    columns = [Delivered.document, Delivered.etag, Delivered.language, Delivered.entry_id, Delivered.slug]
    query = select(*columns, _values(filled)).join(Entry, Entry.id == Delivered.entry_id)
    return query.join(PublishedText, PublishedText.variant_id == Delivered.variant_id) if filled else query


def _values(filled: bool) -> Any:
    return PublishedText.fields if filled else null().label("fields")


@lru_cache(maxsize=MOST_KEPT)
def _one(reader: Standing | None, fallback: bool, filled: bool) -> Select[Any]:
    """Made once for each reader, since making it takes longer than asking it."""
    wanted = Wanted(bindparam("type_code"), bindparam("language"), fallback)
    return _texts(filled).where(*_rows(reader, wanted), Delivered.entry_id == bindparam("entry_id"))


@lru_cache(maxsize=MOST_KEPT)
def _at(reader: Standing | None, filled: bool) -> Select[Any]:
    """Likewise."""
    named = (getattr(EntryAddress, name) == bindparam(name) for name in ("type_code", "language", "slug"))
    query = _texts(filled).join(EntryAddress, EntryAddress.variant_id == Delivered.variant_id)
    return query.where(*named, sees_entry(reader))


def _text(query: Select[Any], **values: Any) -> Text | None:
    row = db.session.connection().execute(query, values).one_or_none()
    return None if row is None else Text(*row)


def _rows(reader: Standing | None, wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    """One text of each entry that the reader may read."""
    own = Delivered.language == wanted.language
    if wanted.fallback:
        other = aliased(Delivered)
        told = select(literal(1)).where(other.entry_id == Delivered.entry_id, other.language == wanted.language)
        own = or_(own, and_(Delivered.stands_in, ~told.exists()))
    if wanted.by_field is not None:
        own = and_(own, filled_with(has_value(PublishedText, wanted.by_field)))
    return (Delivered.type_code == wanted.type_code, sees_entry(reader), own, *wanted.conditions)


@lru_cache(maxsize=MOST_KEPT)
def _stamps(reader: Standing | None) -> Select[Any]:
    return select(*_stamp(reader))


def _stamp(reader: Standing | None) -> tuple[ScalarSelect[Any], ScalarSelect[Any]] | tuple[ScalarSelect[Any]]:
    counter = select(Counter.value).where(Counter.name == STAMP).scalar_subquery()
    if reader is None or reader.is_staff:
        return (counter,)
    places = select(func.aggregate_strings(cast(Membership.organisation_id, String), ","))
    return counter, places.where(Membership.account_id == reader.account_id).scalar_subquery()


def _stamped(reader: Standing | None, values: Sequence[Any]) -> str:
    roles = ["nobody"] if reader is None else sorted(reader.roles)
    places = sorted((values[1] or "").split(",")) if len(values) > 1 else []
    return etag_of(str(values[0]), *roles, "in", *places)
