"""Shared views may come from another desk; then they belong to nobody here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("saved_view", reflect_kwargs={"resolve_fks": False}) as table:
        table.alter_column("owner_id", existing_type=sa.Integer, nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM saved_view WHERE owner_id IS NULL")
    with op.batch_alter_table("saved_view", reflect_kwargs={"resolve_fks": False}) as table:
        table.alter_column("owner_id", existing_type=sa.Integer, nullable=False)
