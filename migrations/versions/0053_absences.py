"""Absences with substitutes, and tickets that are given to consultants by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ab_user.id"], op.f("fk_absence_account_id_ab_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["ab_user.id"], op.f("fk_absence_substitute_id_ab_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_substitute_id"), "absence", ["substitute_id"])
    op.create_index(op.f("ix_absence_ends_at"), "absence", ["ends_at"])
    op.add_column("product_group", sa.Column("assigning", sa.String(8), nullable=False, server_default="hand"))
    op.add_column("assignment", sa.Column("turn_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("assignment", "turn_at")
    op.drop_column("product_group", "assigning")
    op.drop_table("absence")
