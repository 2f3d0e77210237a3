"""Stable ids of what is moved between desks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stable_id",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("row", sa.String(64), nullable=False),
        sa.Column("uid", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("kind", "row", name=op.f("pk_stable_id")),
        sa.UniqueConstraint("kind", "uid", name=op.f("uq_stable_id_kind_uid")),
    )


def downgrade() -> None:
    op.drop_table("stable_id")
