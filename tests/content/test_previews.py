"""A private address shows a draft to whoever has it, for a time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from app.content import entries
from app.content.entries import Words, save
from app.content.previews import LIVES, end_previews, make_preview, previewed, previews_of
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.entry import EntryPreview, Variant
from app.models.types import utc_now


def test_it_shows_the_newest_words_until_it_ends(text: Variant, olga: Account) -> None:
    with transaction():
        token = make_preview(text, by=olga)
        save(text, Words("Nowsze"), seen=1, by=olga)
    found = previewed(token)
    assert found is not None
    assert found.title == "Nowsze"
    assert token not in {row.token_hash for row in db.session.scalars(select(EntryPreview))}
    with transaction():
        entries.put_in_bin(text.entry)
    assert previewed(token) is None
    with transaction():
        entries.take_out_of_bin(text.entry)
        db.session.execute(update(EntryPreview).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert previewed(token) is None
    assert timedelta(days=7) == LIVES


def test_all_of_a_text_are_ended_together(text: Variant, olga: Account) -> None:
    with transaction():
        tokens = [make_preview(text, by=olga) for _each in range(2)]
    assert previews_of(text) == 2
    with transaction():
        end_previews(text, by=olga)
    assert [previewed(token) for token in (*tokens, "", "x" * 200)] == [None] * 4
