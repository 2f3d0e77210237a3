"""search vectors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.models.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

VECTOR = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
TERMS = sa.Text().with_variant(postgresql.ARRAY(sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("product_group", sa.String(length=32), nullable=False),
        sa.Column("access", TERMS, nullable=False),
        sa.Column("spoken", VECTOR, nullable=False),
        sa.Column("whole", VECTOR, nullable=False),
        sa.Column("analysis", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_search_document_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_search_document")),
    )
    op.create_index("ix_search_document_number", "search_document", ["number"])
    op.create_index("ix_search_document_analysis", "search_document", ["analysis"])
    for column in ("access", "spoken", "whole"):
        op.create_index(f"ix_search_document_{column}", "search_document", [column], postgresql_using="gin")
    op.create_table(
        "search_index",
        sa.Column("analysis", sa.String(length=8), nullable=False),
        sa.Column("built_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("analysis", name=op.f("pk_search_index")),
    )


def downgrade() -> None:
    op.drop_table("search_index")
    op.drop_table("search_document")
