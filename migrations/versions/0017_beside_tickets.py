"""Tags, watchers, ratings, dates to look again, and acts on many tickets that can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("name", name=op.f("uq_tag_name")),
    )
    op.create_table(
        "ticket_tag",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        _to("ticket_tag", "ticket_id", "ticket"),
        _to("ticket_tag", "tag_id", "tag"),
        sa.PrimaryKeyConstraint("ticket_id", "tag_id", name=op.f("pk_ticket_tag")),
    )
    op.create_index(op.f("ix_ticket_tag_tag_id_ticket_id"), "ticket_tag", ["tag_id", "ticket_id"])
    op.create_table(
        "watcher",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        _to("watcher", "ticket_id", "ticket"),
        _to("watcher", "account_id", "ab_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watcher")),
        sa.UniqueConstraint("ticket_id", "account_id", name=op.f("uq_watcher_ticket_id_account_id")),
    )
    op.create_index(op.f("ix_watcher_account_id"), "watcher", ["account_id"])
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.String(length=8), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        _to("rating", "ticket_id", "ticket"),
        _to("rating", "account_id", "ab_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_rating_ticket_id")),
    )
    op.create_index(op.f("ix_rating_account_id"), "rating", ["account_id"])
    op.create_table(
        "bulk_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _to("bulk_act", "account_id", "ab_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_act")),
    )
    for column in ("account_id", "created_at"):
        op.create_index(op.f(f"ix_bulk_act_{column}"), "bulk_act", [column])
    op.add_column("ticket", sa.Column("follow_up_at", UtcDateTime(), nullable=True))
    planned = sa.text("follow_up_at IS NOT NULL")
    op.create_index(
        op.f("ix_ticket_follow_up_at"), "ticket", ["follow_up_at"], sqlite_where=planned, postgresql_where=planned
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_ticket_follow_up_at"), "ticket")
    op.drop_column("ticket", "follow_up_at")
    for name in ("bulk_act", "rating", "watcher", "ticket_tag", "tag"):
        op.drop_table(name)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")
