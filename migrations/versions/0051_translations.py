"""Sentences as the desk's translators say them, and the stamp by which every process learns of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json, UtcDateTime

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("msgid", sa.Text(), nullable=False),
        sa.Column("plural", sa.Text(), nullable=True),
        sa.Column("context", sa.String(length=200), nullable=False),
        sa.Column("strings", Json, nullable=False),
        sa.Column("shipped", Json, nullable=False),
        sa.Column("proposed", Json, nullable=True),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], name=op.f("fk_translation_account_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint("domain", "language", "key", name=op.f("uq_translation_domain_language_key")),
    )
    op.create_index(op.f("ix_translation_account_id"), "translation", ["account_id"])
    missing = "NOT EXISTS (SELECT 1 FROM counter WHERE name = 'catalogs')"
    op.execute(f"INSERT INTO counter (name, value) SELECT 'catalogs', 0 WHERE {missing}")


def downgrade() -> None:
    op.drop_table("translation")
