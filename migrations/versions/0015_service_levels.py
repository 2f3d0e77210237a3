"""Service levels, the promises of each ticket, and when their clocks stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("priority", sa.String(length=16), nullable=True),
        sa.Column("product_group_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("first_minutes", sa.Integer(), nullable=True),
        sa.Column("next_minutes", sa.Integer(), nullable=True),
        sa.Column("solution_minutes", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_group_id"], ["product_group.id"], name=op.f("fk_service_level_product_group_id_product_group")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_service_level_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_level")),
        sa.UniqueConstraint("name", name=op.f("uq_service_level_name")),
    )
    for column in ("product_group_id", "organisation_id"):
        op.create_index(op.f(f"ix_service_level_{column}"), "service_level", [column])
    _of_ticket(
        "term",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        *(
            sa.Column(name, UtcDateTime(), nullable=True)
            for name in ("due_at", "warned_at", "escalated_at", "met_at", "dropped_at")
        ),
    )
    _of_ticket(
        "pause",
        sa.Column("begins_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
    )
    op.add_column("ticket", sa.Column("due_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_ticket_due_at_id"), "ticket", ["due_at", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_ticket_due_at_id"), "ticket")
    op.drop_column("ticket", "due_at")
    for table in ("pause", "term", "service_level"):
        op.drop_table(table)


def _of_ticket(table: str, *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f(f"fk_{table}_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_ticket_id_id"), table, ["ticket_id", "id"])
