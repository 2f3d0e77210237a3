"""Saved views of the ticket list, and how each person likes the workspace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("shared_with", sa.String(8), nullable=False),
        sa.Column(
            "product_group_id", sa.Integer, sa.ForeignKey("product_group.id", ondelete="SET NULL"), nullable=True
        ),
    )
    op.create_index(op.f("ix_saved_view_owner_id"), "saved_view", ["owner_id"])
    op.create_index(op.f("ix_saved_view_product_group_id"), "saved_view", ["product_group_id"])
    op.add_column("ab_user", sa.Column("workspace", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("ab_user", "workspace")
    op.drop_table("saved_view")
