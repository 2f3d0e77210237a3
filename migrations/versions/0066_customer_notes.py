"""Notes of the desk about customers and companies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_note",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=True),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id", ondelete="CASCADE"), nullable=True),
        sa.Column("author_id", sa.Integer, sa.ForeignKey("ab_user.id", ondelete="SET NULL"), nullable=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    for column in ("account_id", "organisation_id", "author_id"):
        op.create_index(op.f(f"ix_customer_note_{column}"), "customer_note", [column])


def downgrade() -> None:
    op.drop_table("customer_note")
