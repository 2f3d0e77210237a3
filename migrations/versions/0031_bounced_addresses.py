"""Why letters to an address come back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ab_user", sa.Column("bounced", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("ab_user", "bounced")
