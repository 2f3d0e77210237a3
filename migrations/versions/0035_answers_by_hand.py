"""What a person wrote in answer to a letter that is no ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("answer", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("letter", "answer")
