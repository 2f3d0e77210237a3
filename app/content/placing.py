"""Texts that stand in certain places of the portal: notices above its pages, and pages in place of shipped words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import contains_eager

from app.access import Standing, sees_text
from app.content.reading import nearest
from app.extensions import db
from app.locale import called
from app.models.entry import Entry, EntryTag, PublishedText, Variant, entry_group
from app.models.reading import PutAway

NOTICE, PAGE = "notice", "page"
OUTAGE = frozenset({"awaria", "outage"})  # tags of a notice that tells of something broken
MOST = 5


@dataclass(frozen=True)
class Notice:
    """A notice as its reader gets it. `is_outage`: something is broken, not only announced."""

    text: PublishedText
    is_outage: bool
    groups: tuple[str, ...]


def has_notices() -> bool:
    """Whether any notice is published for anybody: mostly there is none."""
    query = select(Variant.id).join(Variant.published).join(Variant.entry)
    return bool(db.session.scalar(select(exists(query.where(Entry.type_code == NOTICE, Entry.binned_at.is_(None))))))


def notices(
    standing: Standing | None,
    language: str,
    *,
    group_id: int | None = None,
    put_away: Mapping[int, datetime] | None = None,
) -> list[Notice]:
    """What this reader is told now, the newest first; with `group_id` what concerns that product group or all.

    A notice lasts from its publishing to its withdrawal, both of which can be scheduled. What the reader has put away
    comes again when it says something new; of a stranger `put_away` says it.
    """
    clauses: list[ColumnElement[bool]] = [Entry.type_code == NOTICE]
    if group_id is not None:
        about = select(entry_group.c.entry_id)
        own = about.where(entry_group.c.product_group_id == group_id)
        clauses.append(or_(Entry.id.in_(own), Entry.id.not_in(about)))
    if standing is not None:
        done = exists().where(
            PutAway.account_id == standing.account_id,
            PutAway.entry_id == Entry.id,
            PutAway.at >= PublishedText.published_at,
        )
        clauses.append(~done)
    gone = put_away or {}
    texts = [
        text
        for text in _texts(standing, language, clauses)
        if not (text.variant.entry_id in gone and gone[text.variant.entry_id] >= text.published_at)
    ]
    return [_notice(text) for text in texts[:MOST]]


def put_away(account_id: int, entry_id: int, at: datetime) -> None:
    """The account wants to see this notice no more."""
    row = db.session.get(PutAway, (account_id, entry_id))
    if row is None:
        db.session.add(PutAway(account_id=account_id, entry_id=entry_id, at=at))
    else:
        row.at = at


def page_at(place: str, standing: Standing | None, language: str) -> PublishedText | None:
    """What the desk has written for that place: the newest page with the tag; None leaves the shipped words."""
    tagged = select(EntryTag.entry_id).where(EntryTag.name == place)
    return next(iter(_texts(standing, language, [Entry.type_code == PAGE, Entry.id.in_(tagged)])), None)


def _texts(
    standing: Standing | None, language: str, clauses: Collection[ColumnElement[bool]]
) -> Sequence[PublishedText]:
    """One text of each entry, the newest first."""
    query = (
        select(PublishedText)
        .join(PublishedText.variant)
        .join(Variant.entry)
        .where(sees_text(standing), *clauses)
        .options(
            contains_eager(PublishedText.variant).contains_eager(Variant.entry).selectinload(Entry.groups),
            contains_eager(PublishedText.variant).contains_eager(Variant.entry).selectinload(Entry.tags),
        )
        .order_by(PublishedText.published_at.desc())
        .limit(50)
    )
    return nearest(db.session.scalars(query).all(), language)


def _notice(text: PublishedText) -> Notice:
    entry = text.variant.entry
    return Notice(text, any(tag.name in OUTAGE for tag in entry.tags), tuple(called(group) for group in entry.groups))
