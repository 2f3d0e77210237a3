"""Answers that can be taken back before they leave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json, UtcDateTime

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_answer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("moves_to", sa.String(32), nullable=True),
        sa.Column("sent_at", UtcDateTime, nullable=False),
        sa.Column("leaves_at", UtcDateTime, nullable=False),
    )
    op.create_index(op.f("ix_held_answer_ticket_id"), "held_answer", ["ticket_id"])
    op.create_index(op.f("ix_held_answer_account_id"), "held_answer", ["account_id"])
    with op.batch_alter_table("outbox", reflect_kwargs={"resolve_fks": False}) as table:
        table.add_column(sa.Column("held_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_outbox_held_id_held_answer", "held_answer", ["held_id"], ["id"], ondelete="CASCADE"
        )
        table.create_index("ix_outbox_held_id", ["held_id"])


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE held_id IS NOT NULL")
    with op.batch_alter_table("outbox", reflect_kwargs={"resolve_fks": False}) as table:
        table.drop_index("ix_outbox_held_id")
        table.drop_constraint("fk_outbox_held_id_held_answer", type_="foreignkey")
        table.drop_column("held_id")
    op.drop_table("held_answer")
