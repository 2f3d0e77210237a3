"""Hooks: other systems hear of what happens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json, UtcDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", Json, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("old_secret", sa.Text(), nullable=True),
        sa.Column("old_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failing_since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("paused_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook")),
        sa.UniqueConstraint("name", name=op.f("uq_hook_name")),
    )
    op.create_table(
        "hook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hook_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("data", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("delivered_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["hook_id"], ["hook.id"], name=op.f("fk_hook_delivery_hook_id_hook"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_hook_delivery_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_hook_delivery_key")),
    )
    op.create_index(op.f("ix_hook_delivery_hook_id_id"), "hook_delivery", ["hook_id", "id"])
    op.create_index(op.f("ix_hook_delivery_created_at"), "hook_delivery", ["created_at"])
    op.create_index(op.f("ix_hook_delivery_event_id"), "hook_delivery", ["event_id"])
    with op.batch_alter_table("outbox", reflect_kwargs={"resolve_fks": False}) as table:
        table.add_column(sa.Column("delivery_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_outbox_delivery_id_hook_delivery", "hook_delivery", ["delivery_id"], ["id"], ondelete="CASCADE"
        )
        table.create_index("ix_outbox_delivery_id", ["delivery_id"])


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE delivery_id IS NOT NULL")
    with op.batch_alter_table("outbox", reflect_kwargs={"resolve_fks": False}) as table:
        table.drop_index("ix_outbox_delivery_id")
        table.drop_constraint("fk_outbox_delivery_id_hook_delivery", type_="foreignkey")
        table.drop_column("delivery_id")
    op.drop_table("hook_delivery")
    op.drop_table("hook")
