"""What readers do: counts, opinions, searches, notices put away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry_count",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_entry_count_entry_id_entry"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "day", "what", name=op.f("pk_entry_count")),
    )
    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_opinion_entry_id_entry"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ab_user.id"], name=op.f("fk_opinion_account_id_ab_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("entry_id", "reader", name=op.f("uq_opinion_entry_id_reader")),
    )
    op.create_index(op.f("ix_opinion_account_id"), "opinion", ["account_id"])
    op.create_index(op.f("ix_opinion_created_at_id"), "opinion", ["created_at", "id"])
    op.create_table(
        "sought",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stems", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("product_group_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("in_vain", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sought")),
        sa.UniqueConstraint(
            "stems", "language", "product_group_id", name=op.f("uq_sought_stems_language_product_group_id")
        ),
    )
    op.create_index(op.f("ix_sought_last_at_id"), "sought", ["last_at", "id"])
    op.create_table(
        "put_away",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ab_user.id"], name=op.f("fk_put_away_account_id_ab_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_put_away_entry_id_entry"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "entry_id", name=op.f("pk_put_away")),
    )


def downgrade() -> None:
    for table in ("put_away", "sought", "opinion", "entry_count"):
        op.drop_table(table)
