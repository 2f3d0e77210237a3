"""The ready document of every published text. `run.py init` makes those of texts that are published already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivered",
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("type_code", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("stands_in", sa.Boolean(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("first_published_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["published_text.variant_id"],
            name=op.f("fk_delivered_variant_id_published_text"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_delivered_entry_id_entry"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["type_code"], ["content_type.code"], name=op.f("fk_delivered_type_code_content_type")),
        sa.PrimaryKeyConstraint("variant_id", name=op.f("pk_delivered")),
    )
    op.create_index(op.f("ix_delivered_entry_id"), "delivered", ["entry_id"])
    for time in ("published_at", "first_published_at"):
        name = op.f(f"ix_delivered_type_code_{time}_variant_id")
        op.create_index(name, "delivered", ["type_code", time, "variant_id"])
    missing = "NOT EXISTS (SELECT 1 FROM counter WHERE name = 'content')"
    op.execute(f"INSERT INTO counter (name, value) SELECT 'content', 0 WHERE {missing}")


def downgrade() -> None:
    op.drop_table("delivered")
