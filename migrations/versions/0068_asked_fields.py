"""Which fields the programs of an API key named last, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account_key", sa.Column("asked_fields", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("account_key", "asked_fields")
