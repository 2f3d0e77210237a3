"""Copies of the shipped roles, and what an administrator chose for a role."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ab_role") as table:
        table.add_column(sa.Column("kind", sa.String(64), nullable=True))
        table.add_column(sa.Column("name_pl", sa.String(80), nullable=True))
        table.add_column(sa.Column("name_en", sa.String(80), nullable=True))
        table.add_column(sa.Column("abilities", Json, nullable=True))
        table.add_column(sa.Column("stamp", sa.String(64), nullable=True))
    op.execute("UPDATE ab_role SET kind = name, stamp = name")
    with op.batch_alter_table("ab_role") as table:
        table.alter_column("kind", existing_type=sa.String(64), nullable=False)
        table.alter_column("stamp", existing_type=sa.String(64), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("ab_role") as table:
        for name in ("stamp", "abilities", "name_en", "name_pl", "kind"):
            table.drop_column(name)
