"""Imports tell what does not fit in the language of whoever asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_run", reflect_kwargs={"resolve_fks": False}) as table:
        table.add_column(sa.Column("language", sa.String(length=8), server_default="pl", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("import_run", reflect_kwargs={"resolve_fks": False}) as table:
        table.drop_column("language")
