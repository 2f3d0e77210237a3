"""The product groups that somebody is invited to see."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invitation", sa.Column("product_groups", Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("invitation") as table:
        table.drop_column("product_groups")
