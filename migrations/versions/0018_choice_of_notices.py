"""What a person does not want to hear of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ab_user", sa.Column("mutes", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("ab_user", "mutes")
