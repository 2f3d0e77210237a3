"""Levels of consultants, chosen product groups of members, and who left an organisation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assignment", sa.Column("level", sa.String(length=16), nullable=False, server_default="answer"))
    with op.batch_alter_table("assignment") as table:
        table.alter_column("level", server_default=None)
    op.create_table(
        "membership_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("product_group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name=op.f("fk_membership_group_membership_id_membership"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_group_id"],
            ["product_group.id"],
            name=op.f("fk_membership_group_product_group_id_product_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_group")),
        sa.UniqueConstraint(
            "membership_id", "product_group_id", name=op.f("uq_membership_group_membership_id_product_group_id")
        ),
    )
    op.create_index(op.f("ix_membership_group_product_group_id"), "membership_group", ["product_group_id"])
    op.create_table(
        "departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ab_user.id"], name=op.f("fk_departure_account_id_ab_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_departure_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
        sa.UniqueConstraint("account_id", "organisation_id", name=op.f("uq_departure_account_id_organisation_id")),
    )
    op.create_index(op.f("ix_departure_organisation_id"), "departure", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("departure")
    op.execute("UPDATE membership SET sharing = 'own' WHERE sharing = 'groups'")
    op.drop_table("membership_group")
    with op.batch_alter_table("assignment") as table:
        table.drop_column("level")
