"""Light or dark pages, as an account chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ab_user", sa.Column("theme", sa.String(8), nullable=True))


def downgrade() -> None:
    op.drop_column("ab_user", "theme")
