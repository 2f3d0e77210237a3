"""What a reader finds: one text of each entry, in his language where it is published in it, else in another."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, contains_eager

from app.access import NotFound, Standing, sees_text
from app.content.addresses import variant_at
from app.extensions import db
from app.models.entry import Entry, EntryTag, PublishedText, Variant, entry_group
from app.models.ranges import Rows

MOST_COMPARED = 100


def shelf(standing: Standing | None, type_code: str, language: str, *, group_id: int | None = None) -> Rows:
    """The texts of a type that this account may read, one of each entry; with `group_id` those about the group."""
    own, other, told = aliased(Entry), aliased(Variant), aliased(PublishedText)  # SQLite sorts by no outer column.
    best = (
        select(other.id)
        .join(told, told.variant_id == other.id)
        .join(own, own.id == other.entry_id)
        .where(other.entry_id == Entry.id)
        .order_by((other.language == language).desc(), (other.language == own.source_language).desc(), other.id)
        .limit(1)
        .correlate(Entry)
        .scalar_subquery()
    )
    shown = select(Variant.id).join(Variant.entry).where(Entry.type_code == type_code, Variant.id == best)
    if group_id is not None:
        about = select(entry_group.c.entry_id).where(entry_group.c.product_group_id == group_id)
        shown = shown.where(Entry.id.in_(about))
    return Rows(PublishedText, (sees_text(standing) & PublishedText.variant_id.in_(shown),))


def text_at(standing: Standing | None, type_code: str, language: str, slug: str) -> PublishedText:
    """What is published at the address, or was there once. Raises NotFound, also where it may not be read."""
    variant = variant_at(type_code, language, slug)
    if variant is None:
        raise NotFound
    query = select(PublishedText).where(PublishedText.variant_id == variant.id, sees_text(standing))
    loaded = query.join(PublishedText.variant).options(
        contains_eager(PublishedText.variant).joinedload(Variant.entry).selectinload(Entry.groups),
        contains_eager(PublishedText.variant).joinedload(Variant.entry).selectinload(Entry.tags),
    )
    text = db.session.scalars(loaded).one_or_none()
    if text is None:
        raise NotFound
    return text


def texts_of(standing: Standing | None, entry_ids: Collection[int], language: str) -> dict[int, list[PublishedText]]:
    """What this account may read of these entries, by entry; first in the language, then as it was written first."""
    query = (
        select(PublishedText)
        .join(PublishedText.variant)
        .where(Variant.entry_id.in_(entry_ids), sees_text(standing))
        .options(contains_eager(PublishedText.variant).joinedload(Variant.entry))
    )
    found: dict[int, list[PublishedText]] = {}
    for text in db.session.scalars(query):
        found.setdefault(text.variant.entry_id, []).append(text)
    for texts in found.values():
        texts.sort(key=lambda text: _remoteness(text.variant, language))
    return found


def _remoteness(variant: Variant, language: str) -> tuple[bool, bool, int]:
    """The order that `shelf` chooses by."""
    return variant.language != language, variant.language != variant.entry.source_language, variant.id


def nearest(texts: Sequence[PublishedText], language: str) -> list[PublishedText]:
    """Of each entry the text that is nearest to the reader, in the order in which the entries come first."""
    best: dict[int, PublishedText] = {}
    for text in texts:
        known = best.setdefault(text.variant.entry_id, text)
        if _remoteness(text.variant, language) < _remoteness(known.variant, language):
            best[text.variant.entry_id] = text
    return list(best.values())


def related(text: PublishedText, standing: Standing | None, language: str, *, limit: int) -> list[PublishedText]:
    """Other texts of the type that share most tags and product groups with it, the newer ones first."""
    entry = text.variant.entry
    tags, groups = {tag.name for tag in entry.tags}, {group.id for group in entry.groups}
    tagged = select(EntryTag.entry_id).where(EntryTag.name.in_(tags))
    grouped = select(entry_group.c.entry_id).where(entry_group.c.product_group_id.in_(groups))
    query = (
        select(PublishedText)
        .join(PublishedText.variant)
        .join(Variant.entry)
        .where(sees_text(standing), Entry.type_code == entry.type_code, Entry.id != entry.id)
        .where(or_(Entry.id.in_(tagged), Entry.id.in_(grouped)))
        .options(
            contains_eager(PublishedText.variant).contains_eager(Variant.entry).selectinload(Entry.tags),
            contains_eager(PublishedText.variant).contains_eager(Variant.entry).selectinload(Entry.groups),
        )
        .order_by(PublishedText.published_at.desc())
        .limit(MOST_COMPARED)
    )
    found = nearest(db.session.scalars(query).all(), language)

    def shared(other: PublishedText) -> int:
        entry = other.variant.entry
        return -2 * len(tags & {tag.name for tag in entry.tags}) - len(groups & {group.id for group in entry.groups})

    return sorted(found, key=shared)[:limit]


def in_other_languages(text: PublishedText) -> list[PublishedText]:
    """What the same entry says in the other languages in which it is published. Who may read one may read all."""
    query = (
        select(PublishedText)
        .join(PublishedText.variant)
        .where(Variant.entry_id == text.variant.entry_id, Variant.id != text.variant_id)
        .options(contains_eager(PublishedText.variant))
        .order_by(Variant.language)
    )
    return list(db.session.scalars(query))
