"""How long a mailbox may be silent, and the index by which the last letter of each is found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("quiet_minutes", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_journal_mailbox_id_arrived_at"), "journal", ["mailbox_id", "arrived_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_journal_mailbox_id_arrived_at"), "journal")
    op.drop_column("mailbox", "quiet_minutes")
