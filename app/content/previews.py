"""Private addresses of drafts: random, kept as hashes only, good for a week and until they are ended."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select

from app.content.happened import EntryAct, happened
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry, EntryPreview, Variant
from app.models.types import utc_now

LIVES = timedelta(days=7)
LONGEST_TOKEN = 100


def make_preview(variant: Variant, *, by: Account) -> str:
    """A new token. Whoever has it reads the newest words of this text, with their files, until it ends."""
    db.session.execute(delete(EntryPreview).where(EntryPreview.expires_at < utc_now()))
    token = secrets.token_urlsafe(32)
    row = EntryPreview(token_hash=_hash(token), variant_id=variant.id, account_id=by.id, expires_at=utc_now() + LIVES)
    db.session.add(row)
    happened(variant.entry, EntryAct.PREVIEWED, variant=variant, by=by)
    return token


def previewed(token: str) -> Variant | None:
    """The text that the token shows, while it is good and the entry is not in the bin."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return None
    query = (
        select(Variant)
        .join(EntryPreview, EntryPreview.variant_id == Variant.id)
        .join(Variant.entry)
        .where(EntryPreview.token_hash == _hash(token), EntryPreview.expires_at > utc_now())
    )
    return db.session.scalars(query.where(Entry.binned_at.is_(None))).one_or_none()


def previews_of(variant: Variant) -> int:
    """How many good ones there are."""
    mine = (EntryPreview.variant_id == variant.id) & (EntryPreview.expires_at > utc_now())
    return db.session.scalar(select(func.count()).select_from(EntryPreview).where(mine)) or 0


def end_previews(variant: Variant, *, by: Account) -> None:
    """No private address of the text is good any more."""
    db.session.execute(delete(EntryPreview).where(EntryPreview.variant_id == variant.id))
    happened(variant.entry, EntryAct.PREVIEWS_ENDED, variant=variant, by=by)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
