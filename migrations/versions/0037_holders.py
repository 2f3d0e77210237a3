"""Claims name their holder, so that what a dead process held is free at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("journal", "outbox"):
        op.add_column(table, sa.Column("claimed_by", sa.String(32), nullable=True))


def downgrade() -> None:
    for table in ("outbox", "journal"):
        op.drop_column(table, "claimed_by")
