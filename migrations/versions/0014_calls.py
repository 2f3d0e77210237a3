"""Calls that a telephone exchange tells of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FOREIGN = {"product_group_id": "product_group", "ticket_id": "ticket", "settled_by_id": "ab_user"}


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(length=100), nullable=False),
        sa.Column("caller", sa.String(length=40), nullable=False),
        sa.Column("digits", sa.String(length=20), nullable=False),
        sa.Column("product_group_id", sa.Integer(), nullable=True),
        sa.Column("came_at", UtcDateTime(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("recording", sa.String(length=2000), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_call_{column}_{table}"),
                ondelete="SET NULL" if column == "ticket_id" else None,
            )
            for column, table in FOREIGN.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("call_id", name=op.f("uq_call_call_id")),
    )
    op.create_index(op.f("ix_call_settled_at_came_at"), "call", ["settled_at", "came_at"])
    op.create_index(op.f("ix_call_product_group_id"), "call", ["product_group_id"])
    op.create_index(op.f("ix_call_ticket_id"), "call", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("call")
