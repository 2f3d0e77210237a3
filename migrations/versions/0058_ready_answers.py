"""Answers that are kept ready."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ready_answer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("product_group_id", sa.Integer, sa.ForeignKey("product_group.id", ondelete="CASCADE"), nullable=True),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_index(op.f("ix_ready_answer_product_group_id"), "ready_answer", ["product_group_id"])


def downgrade() -> None:
    op.drop_table("ready_answer")
