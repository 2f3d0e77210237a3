"""What tickets do by themselves and when, and which tickets belong together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

GRACE = timedelta(days=7)  # What was resolved before closes that long after.


def upgrade() -> None:
    alarm = op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_alarm_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    op.create_index(op.f("ix_alarm_due_at_id"), "alarm", ["due_at", "id"])
    op.create_index(op.f("ix_alarm_ticket_id_kind"), "alarm", ["ticket_id", "kind"])
    ticket = sa.table("ticket", sa.column("id"), sa.column("status"))
    due = sa.literal(datetime.now(UTC) + GRACE, UtcDateTime())
    resolved = sa.select(ticket.c.id, sa.literal("close"), due).where(ticket.c.status == "resolved")
    op.execute(sa.insert(alarm).from_select(["ticket_id", "kind", "due_at"], resolved))
    op.create_table(
        "ticket_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"], ["ticket.id"], name=op.f("fk_ticket_link_from_id_ticket"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["to_id"], ["ticket.id"], name=op.f("fk_ticket_link_to_id_ticket"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_link")),
        sa.UniqueConstraint("from_id", "to_id", "kind", name=op.f("uq_ticket_link_from_id_to_id_kind")),
    )
    op.create_index(op.f("ix_ticket_link_to_id"), "ticket_link", ["to_id"])


def downgrade() -> None:
    op.drop_table("ticket_link")
    op.drop_table("alarm")
    op.execute("DELETE FROM account_link WHERE purpose = 'ticket'")
