"""What an exchange sent as the number of a caller, where that cannot be read as one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call", sa.Column("caller_text", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("call", "caller_text")
