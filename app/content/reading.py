"""What a reader finds: one text of each entry, in his language where it is published in it, else in another."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased, contains_eager

from app.access import NotFound, Standing, sees_text
from app.content.addresses import variant_at
from app.extensions import db
from app.models.entry import Entry, PublishedText, Variant, entry_group
from app.models.ranges import Rows


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
        contains_eager(PublishedText.variant).joinedload(Variant.entry).selectinload(Entry.groups)
    )
    text = db.session.scalars(loaded).one_or_none()
    if text is None:
        raise NotFound
    return text


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
