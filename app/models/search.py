"""Where PostgreSQL keeps the search index. On SQLite these tables stay empty: there Whoosh keeps it in files."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from app.models.base import Model
from app.models.types import UtcDateTime

Vector = Text().with_variant(TSVECTOR(), "postgresql")
Terms = Text().with_variant(ARRAY(Text()), "postgresql")

search_document = Table(
    "search_document",
    Model.metadata,
    Column("id", Integer, primary_key=True),
    Column("ticket_id", ForeignKey("ticket.id", ondelete="CASCADE"), unique=True),
    Column("entry_id", ForeignKey("entry.id", ondelete="CASCADE"), unique=True),  # the one or the other
    Column("source", String(8), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("number", Integer, index=True),
    Column("status", String(32), nullable=False),
    Column("product_groups", Terms, nullable=False),
    Column("languages", Terms, nullable=False),
    Column("authors", Terms, nullable=False),
    Column("dates", Terms, nullable=False),
    Column("access", Terms, nullable=False),  # app.access.document_terms, entry_terms
    Column("spoken", Vector, nullable=False),  # what customers may read
    Column("whole", Vector, nullable=False),  # the same with notes
    Column("analysis", String(8), nullable=False, index=True),
    # Reach and words in one index: words are then weighed only of what the asker reaches.
    Index("ix_search_document_spoken", "access", "spoken", postgresql_using="gin"),
    Index("ix_search_document_whole", "access", "whole", postgresql_using="gin"),
)

search_index = Table(
    "search_index",
    Model.metadata,
    Column("analysis", String(8), primary_key=True),  # app.search.analysis.ANALYSIS of a rebuild that was finished
    Column("built_at", UtcDateTime, nullable=False),
)

search_rebuild = Table(
    "search_rebuild",
    Model.metadata,
    Column("analysis", String(8), primary_key=True),  # as in search_index, of a rebuild that has begun and not ended
    Column("begun_at", UtcDateTime, nullable=False),
    Column("source", String(8), nullable=False),  # and the id of the last document that it put in
    Column("row_id", Integer, nullable=False),
    Column("documents", Integer, nullable=False),
)
