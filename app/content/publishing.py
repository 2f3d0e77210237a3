"""What readers get: a version of a text, from when it is published until it is withdrawn."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from app import caller
from app.content.addresses import keep_address
from app.content.entries import lock, version_of, words_of
from app.content.errors import InThePast, NothingPublished, NothingScheduled, NotReviewed, StaleText
from app.content.happened import EntryAct, happened
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry, PublishedText, TextState, Variant
from app.models.types import utc_now

LATE = timedelta(minutes=5)
log = logging.getLogger(__name__)


def ask_for_review(variant: Variant, *, seen: int) -> None:
    """Somebody else shall read the newest words before they are published."""
    _lock_seen(variant, seen)
    variant.state = TextState.REVIEW
    happened(variant.entry, EntryAct.ASKED_FOR_REVIEW, variant=variant, version=variant.version)


def publish(variant: Variant, *, seen: int, by: Account | None = None) -> None:
    """Readers get the newest words from now on, and what was scheduled is no more. Raises StaleText, NotReviewed.

    `by` is by default the account that acts in this request.
    """
    _lock_seen(variant, seen)
    _check_review(variant, by or caller.acting())
    _put_up(variant, variant.version)
    happened(variant.entry, EntryAct.PUBLISHED, variant=variant, by=by, version=variant.version)


def schedule(variant: Variant, at: datetime, *, seen: int, by: Account | None = None) -> None:
    """Readers get the words of this version from `at` on, whatever is drafted until then. Raises as `publish` does."""
    _lock_seen(variant, seen)
    _check_review(variant, by or caller.acting())
    if at <= utc_now():
        raise InThePast
    keep_address(variant, variant.slug)
    variant.publish_at, variant.publish_version = at, variant.version
    variant.state = TextState.SCHEDULED
    happened(variant.entry, EntryAct.SCHEDULED, variant=variant, by=by, version=variant.version, at=at.isoformat())


def unschedule(variant: Variant) -> None:
    """What was to be published or withdrawn later is not."""
    lock(variant)
    if variant.publish_at is None and variant.withdraw_at is None:
        raise NothingScheduled
    variant.publish_at = variant.publish_version = variant.withdraw_at = None
    if variant.state == TextState.SCHEDULED:
        is_up = variant.published is not None and variant.published.version == variant.version
        variant.state = TextState.PUBLISHED if is_up else TextState.DRAFT
    happened(variant.entry, EntryAct.UNSCHEDULED, variant=variant)


def withdraw(variant: Variant) -> None:
    """No reader gets it any more; its words and its address are kept."""
    lock(variant)
    if variant.published is None:
        raise NothingPublished
    _take_down(variant)
    happened(variant.entry, EntryAct.WITHDRAWN, variant=variant)


def withdraw_at(variant: Variant, at: datetime) -> None:
    """Readers get it until then."""
    lock(variant)
    if at <= utc_now():
        raise InThePast
    variant.withdraw_at = at
    happened(variant.entry, EntryAct.END_SCHEDULED, variant=variant, at=at.isoformat())


def do_what_is_due(now: datetime) -> int:
    """Publish and withdraw what was to be by `now`, each once; answers how many. What is done late is logged so.

    What lies in the bin waits there.
    """
    due = or_(Variant.publish_at <= now, Variant.withdraw_at <= now)
    query = select(Variant).join(Variant.entry).where(due, Entry.binned_at.is_(None)).order_by(Variant.id)
    variants = db.session.scalars(query.with_for_update(of=Variant, skip_locked=True)).all()
    for variant in variants:
        for at, act in sorted(_acts(variant, now)):
            if now - at > LATE:
                log.warning("%s of text %s was due at %s and is late.", act.capitalize(), variant.id, at.isoformat())
            if act == "publishing":
                number = variant.publish_version or variant.version
                _put_up(variant, number)
                happened(variant.entry, EntryAct.PUBLISHED, variant=variant, version=number)
            else:
                _take_down(variant)
                happened(variant.entry, EntryAct.WITHDRAWN, variant=variant)
    return len(variants)


def _acts(variant: Variant, now: datetime) -> list[tuple[datetime, str]]:
    planned = ((variant.publish_at, "publishing"), (variant.withdraw_at, "withdrawal"))
    return [(at, act) for at, act in planned if at is not None and at <= now]


def _lock_seen(variant: Variant, seen: int) -> None:
    lock(variant)
    if seen != variant.version:
        raise StaleText(variant)


def _check_review(variant: Variant, by: Account | None) -> None:
    """Where the type asks for it, somebody else than their writer publishes words for which review was asked."""
    if not variant.entry.type.reviewed or by is None:
        return
    was_asked = variant.state == TextState.REVIEW or variant.publish_version == variant.version
    if not was_asked or version_of(variant, variant.version).account_id == by.id:
        raise NotReviewed


def _put_up(variant: Variant, number: int) -> None:
    version, now = version_of(variant, number), utc_now()
    words = words_of(version)
    if variant.published is None:
        variant.published = PublishedText(first_published_at=now)
    text = variant.published
    text.version, text.published_at = number, now
    text.title, text.summary, text.body, text.slug = words.title, words.summary, words.body, words.slug
    text.fields, text.fields_set = version.data.get("fields", {}), version.data.get("fields_set")
    keep_address(variant, words.slug)
    variant.publish_at = variant.publish_version = None
    variant.state = TextState.PUBLISHED if number == variant.version else TextState.DRAFT
    db.session.flush()


def _take_down(variant: Variant) -> None:
    variant.published = None
    variant.withdraw_at = None
    if variant.publish_at is None:
        variant.state = TextState.WITHDRAWN
    db.session.flush()
