"""What the desk has written for readers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select

from app.access.standing import Standing
from app.models.entry import Entry, PublishedText, Variant, Visibility, entry_organisation
from app.models.organisation import Membership


def sees_entry(standing: Standing | None) -> ColumnElement[bool]:
    """The rows of Entry whose published words this account may read; None is a stranger. What is in the bin, nobody."""
    kept = Entry.binned_at.is_(None)
    if standing is None:
        return and_(kept, Entry.visibility == Visibility.EVERYONE)
    if standing.is_staff or "editor" in standing.roles:
        return kept
    own = select(Membership.organisation_id).where(Membership.account_id == standing.account_id)
    told = select(entry_organisation.c.entry_id).where(entry_organisation.c.organisation_id.in_(own))
    return and_(
        kept,
        or_(
            Entry.visibility.in_((Visibility.EVERYONE, Visibility.SIGNED_IN)),
            and_(Entry.visibility == Visibility.ORGANISATIONS, Entry.id.in_(told)),
        ),
    )


def sees_text(standing: Standing | None) -> ColumnElement[bool]:
    """The rows of PublishedText that this account may read."""
    visible = select(Variant.id).join(Variant.entry).where(sees_entry(standing))
    return PublishedText.variant_id.in_(visible)
