"""What the desk has written for readers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, and_, cast, false, func, literal, or_, select, true

from app.access.standing import Standing
from app.models.delivered import Delivered
from app.models.entry import (
    FILES,
    WRITERS,
    ContentType,
    Entry,
    EntryFile,
    PublishedText,
    Variant,
    Visibility,
    entry_organisation,
)
from app.models.organisation import Membership

LEAD = frozenset({"editor", "administrator"})  # kinds that decide about everything that is written for readers


def sees_entry(standing: Standing | None) -> ColumnElement[bool]:
    """The rows of Entry whose published words this account may read; None is a stranger. What is in the bin, nobody."""
    kept = Entry.binned_at.is_(None)
    if standing is None:
        return and_(kept, Entry.visibility == Visibility.EVERYONE)
    if reads_everything(standing):
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


def reads_everything(standing: Standing) -> bool:
    """Whether what is written for others is open to it, too."""
    return standing.is_staff or bool(standing.roles & {"editor", "translator"})


def sees_text(standing: Standing | None) -> ColumnElement[bool]:
    """The rows of PublishedText that this account may read."""
    visible = select(Variant.id).join(Variant.entry).where(sees_entry(standing))
    return PublishedText.variant_id.in_(visible)


def sees_delivered(standing: Standing | None) -> ColumnElement[bool]:
    """The rows of Delivered that this account may read."""
    return Delivered.entry_id.in_(select(Entry.id).where(sees_entry(standing)))


def sees_draft(standing: Standing) -> ColumnElement[bool]:
    """The rows of Entry whose unpublished words this account may read, those in the bin included.

    Who writes for readers knows all of them, a consultant those that he suggested himself.
    """
    if standing.roles & {*LEAD, "auditor", "translator"}:
        return true()
    return Entry.created_by_id == standing.account_id if "consultant" in standing.roles else false()


def writes_entry(standing: Standing) -> ColumnElement[bool]:
    """The rows of Entry whose words this account may write, where its role lets it write at all.

    Editors and administrators write everything; of others the content type says whether they do.
    """
    if standing.roles & LEAD:
        return true()
    return and_(sees_draft(standing), Entry.type_code.in_(select(ContentType.code).where(writes_type(standing))))


def writes_type(standing: Standing) -> ColumnElement[bool]:
    """The rows of ContentType of which this account may begin an entry, where its role lets it write at all."""
    if standing.roles & LEAD:
        return true()
    mine = [kind for kind in WRITERS if kind in standing.roles]
    named = cast(ContentType.writers, String)  # a list of a few codes, the same text on both databases
    return or_(*(named.contains(f'"{kind}"') for kind in mine)) if mine else false()


def sees_file(standing: Standing | None) -> ColumnElement[bool]:
    """The rows of EntryFile that this account may fetch: those that a published text shows to it names, and those of
    drafts that it may read."""
    address = literal(FILES) + cast(EntryFile.id, String) + "/"
    naming = (
        select(PublishedText.variant_id)
        .join(PublishedText.variant)
        .where(Variant.entry_id == EntryFile.entry_id, sees_text(standing))
        .where(func.replace(PublishedText.body, address, "") != PublishedText.body)
    )
    if standing is None:
        return naming.exists()
    return or_(naming.exists(), EntryFile.entry_id.in_(select(Entry.id).where(sees_draft(standing))))
