"""Synonyms of the desk, and words that its searches ignore."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_words",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("act", sa.String(8), nullable=False),
        sa.Column("words", sa.String(500), nullable=False, unique=True),
        sa.Column("active", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("search_words")
