"""Which letters each filed letter answers, by which its siblings are recognised, and who was in copy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answered",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("journal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["journal.id"], name=op.f("fk_answered_journal_id_journal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", "journal_id", name=op.f("pk_answered")),
    )
    op.create_index(op.f("ix_answered_journal_id"), "answered", ["journal_id"])
    op.create_table(
        "copied_person",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_copied_person_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "email", name=op.f("pk_copied_person")),
    )


def downgrade() -> None:
    op.drop_table("copied_person")
    op.drop_table("answered")
