"""A report without an account may fill in fields, which wait with its letter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journal", sa.Column("fields", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("journal", "fields")
