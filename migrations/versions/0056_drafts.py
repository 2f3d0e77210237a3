"""What people have begun to write."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json, UtcDateTime

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False),
        sa.Column("place", sa.String(60), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("saved_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("account_id", "place"),
    )
    op.create_index(op.f("ix_draft_saved_at"), "draft", ["saved_at"])


def downgrade() -> None:
    op.drop_table("draft")
