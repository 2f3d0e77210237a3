"""Tickets by the time at which they were solved, for the desk's figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

SOLVED = sa.text("resolved_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        op.f("ix_ticket_resolved_at"), "ticket", ["resolved_at"], sqlite_where=SOLVED, postgresql_where=SOLVED
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_ticket_resolved_at"), "ticket")
