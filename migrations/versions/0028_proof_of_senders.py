"""Whom a mailbox believes about its senders, and what was proven of the sender of each letter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("verified_by", sa.String(length=255), nullable=True))
    op.add_column("mailbox", sa.Column("trusts_marks", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("journal", sa.Column("proof", Json, nullable=True))
    op.add_column("message", sa.Column("proof", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "proof")
    op.drop_column("journal", "proof")
    op.drop_column("mailbox", "trusts_marks")
    op.drop_column("mailbox", "verified_by")
