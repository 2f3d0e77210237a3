"""Whether a text helped: one answer of each reader, which he may change, for its author."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.access import Standing, sees_entry
from app.content.errors import LongComment
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry, PublishedText
from app.models.reading import Opinion
from app.models.types import utc_now

LONGEST_COMMENT = 2_000


def reader_name(account: Account | None, browser: str) -> str:
    """What keeps one reader from answering twice: of an account, or of the browser of a stranger."""
    return hashlib.sha256((f"account {account.id}" if account else f"browser {browser}").encode()).hexdigest()


def give_opinion(text: PublishedText, reader: str, *, helpful: bool, comment: str, by: Account | None) -> Opinion:
    """Keep the reader's answer in place of an earlier one. Raises LongComment."""
    said = comment.replace("\x00", "").strip()
    if len(said) > LONGEST_COMMENT:
        raise LongComment
    row = opinion_of(text, reader)
    if row is None:
        row = Opinion(entry_id=text.variant.entry_id, reader=reader, account_id=by.id if by else None)
    row.language, row.version, row.helpful = text.variant.language, text.version, helpful
    row.comment, row.created_at = said, utc_now()
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # The same reader pressed twice.
        return opinion_of(text, reader) or row
    return row


def opinion_of(text: PublishedText, reader: str) -> Opinion | None:
    """What the reader has answered before."""
    query = select(Opinion).where(Opinion.entry_id == text.variant.entry_id, Opinion.reader == reader)
    return db.session.scalars(query).one_or_none()


def newest_opinions(standing: Standing, limit: int, *, entry_id: int | None = None) -> Sequence[Opinion]:
    """The last that said something in words, of every entry within its sight or of one."""
    seen = select(Entry.id).where(sees_entry(standing))
    query = (
        select(Opinion)
        .where(Opinion.comment != "", Opinion.entry_id.in_(seen))
        .options(joinedload(Opinion.entry), joinedload(Opinion.account))
    )
    if entry_id is not None:
        query = query.where(Opinion.entry_id == entry_id)
    return db.session.scalars(query.order_by(Opinion.created_at.desc(), Opinion.id.desc()).limit(limit)).all()


def opinions_of(entry_id: int) -> tuple[int, int]:
    """How many readers an entry helped, and how many not."""
    query = select(Opinion.helpful, func.count()).where(Opinion.entry_id == entry_id).group_by(Opinion.helpful)
    found = {row[0]: int(row[1]) for row in db.session.execute(query)}
    return found.get(True, 0), found.get(False, 0)
