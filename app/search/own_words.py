"""The desk's own synonyms and ignored words: read at every search, so that a change holds for the next, everywhere."""

from __future__ import annotations

from sqlalchemy import select

from app.extensions import db
from app.models.search_words import SearchWords, WordsAct
from app.search.analysis import fold, lists, synonyms, words


def learn() -> None:
    """Take them as they stand now."""
    rows = db.session.execute(
        select(SearchWords.act, SearchWords.words).where(SearchWords.active).order_by(SearchWords.id)
    ).all()
    synonyms.add(tuple(row.words for row in rows if row.act == WordsAct.SAME))
    lists.ignore(frozenset(fold(word.text) for row in rows if row.act == WordsAct.IGNORED for word in words(row.words)))
