"""Consultants who were spoken to in internal notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mention",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("message.id", ondelete="CASCADE"), nullable=False),
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=True),
        sa.UniqueConstraint("message_id", "account_id"),
    )
    op.create_index(op.f("ix_mention_account_id_seen_at"), "mention", ["account_id", "seen_at"])
    op.create_index(op.f("ix_mention_ticket_id"), "mention", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("mention")
