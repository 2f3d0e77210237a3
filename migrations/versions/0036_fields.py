"""Fields as data: definitions in versions, published sets, and values on organisations, accounts and texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json, UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = ("field_version", "field_set", "field_proposal", "misfit", "field_value")
FILLED = ("organisation", "ab_user", "variant", "published_text")


def upgrade() -> None:
    op.create_table(
        "field_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_version")),
        sa.UniqueConstraint("field_id", "number", name=op.f("uq_field_version_field_id_number")),
    )
    op.create_index(op.f("ix_field_version_owner"), "field_version", ["owner"])
    op.create_table(
        "field_set",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("versions", Json, nullable=False),
        sa.Column("changed", Json, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], name=op.f("fk_field_set_account_id_ab_user")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_field_set")),
    )
    op.create_index(op.f("ix_field_set_account_id"), "field_set", ["account_id"])
    op.create_table(
        "field_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.String(length=32), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], name=op.f("fk_field_proposal_account_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_proposal")),
    )
    op.create_index(op.f("ix_field_proposal_account_id"), "field_proposal", ["account_id"])
    op.create_index(op.f("ix_field_proposal_field_id"), "field_proposal", ["field_id"])
    op.create_table(
        "misfit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misfit")),
    )
    op.create_index(op.f("ix_misfit_owner_row_id"), "misfit", ["owner", "row_id"])
    op.create_index(op.f("ix_misfit_field_id_id"), "misfit", ["field_id", "id"])
    op.create_table(
        "field_value",
        sa.Column("field_id", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("field_id", "value", "row_id", name=op.f("pk_field_value")),
    )
    op.create_index(op.f("ix_field_value_row_id_field_id"), "field_value", ["row_id", "field_id"])
    op.add_column("ticket", sa.Column("fields_set", sa.Integer(), nullable=True))
    for table in FILLED:
        op.add_column(table, sa.Column("fields", Json, nullable=False, server_default="{}"))
        op.add_column(table, sa.Column("fields_set", sa.Integer(), nullable=True))


def downgrade() -> None:
    for table in reversed(FILLED):
        op.drop_column(table, "fields_set")
        op.drop_column(table, "fields")
    op.drop_column("ticket", "fields_set")
    for name in reversed(TABLES):
        op.drop_table(name)
