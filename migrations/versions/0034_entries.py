"""Articles, notices and pages: entries in languages, with their addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = (
    "content_type",
    "entry",
    "entry_group",
    "entry_organisation",
    "entry_tag",
    "variant",
    "published_text",
    "entry_address",
)


def upgrade() -> None:
    op.create_table(
        "content_type",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_pl", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("built_in", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_content_type")),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("type_code", sa.String(length=40), nullable=False),
        sa.Column("source_language", sa.String(length=8), nullable=False),
        sa.Column("visibility", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("binned_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["type_code"], ["content_type.code"], name=op.f("fk_entry_type_code_content_type")),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_entry_created_by_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    op.create_index(op.f("ix_entry_type_code"), "entry", ["type_code"])
    op.create_table(
        "entry_group",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("product_group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_entry_group_entry_id_entry"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_group_id"],
            ["product_group.id"],
            name=op.f("fk_entry_group_product_group_id_product_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "product_group_id", name=op.f("pk_entry_group")),
    )
    op.create_index(op.f("ix_entry_group_product_group_id_entry_id"), "entry_group", ["product_group_id", "entry_id"])
    op.create_table(
        "entry_organisation",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_entry_organisation_entry_id_entry"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_entry_organisation_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "organisation_id", name=op.f("pk_entry_organisation")),
    )
    op.create_index(
        op.f("ix_entry_organisation_organisation_id_entry_id"), "entry_organisation", ["organisation_id", "entry_id"]
    )
    op.create_table(
        "entry_tag",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_entry_tag_entry_id_entry"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "name", name=op.f("pk_entry_tag")),
    )
    op.create_index(op.f("ix_entry_tag_name_entry_id"), "entry_tag", ["name", "entry_id"])
    op.create_table(
        "variant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("source_version", sa.Integer(), nullable=True),
        sa.Column("publish_at", UtcDateTime(), nullable=True),
        sa.Column("publish_version", sa.Integer(), nullable=True),
        sa.Column("withdraw_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_variant_entry_id_entry"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("entry_id", "language", name=op.f("uq_variant_entry_id_language")),
    )
    op.create_index(op.f("ix_variant_publish_at"), "variant", ["publish_at"])
    op.create_index(op.f("ix_variant_withdraw_at"), "variant", ["withdraw_at"])
    op.create_table(
        "published_text",
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("first_published_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_published_text_variant_id_variant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("variant_id", name=op.f("pk_published_text")),
    )
    op.create_table(
        "entry_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("type_code", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["type_code"], ["content_type.code"], name=op.f("fk_entry_address_type_code_content_type")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_entry_address_variant_id_variant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_address")),
        sa.UniqueConstraint("type_code", "language", "slug", name=op.f("uq_entry_address_type_code_language_slug")),
    )
    op.create_index(op.f("ix_entry_address_variant_id"), "entry_address", ["variant_id"])


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
