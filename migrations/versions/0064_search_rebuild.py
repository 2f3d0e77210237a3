"""How far a rebuild of the search index has come, so that a killed one goes on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_rebuild",
        sa.Column("analysis", sa.String(8), primary_key=True),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("search_rebuild")
