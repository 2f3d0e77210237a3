"""What authors work with: switches of content types, files of entries, private addresses of drafts, and who links what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json, UtcDateTime

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

LAST_CHANGE = """
UPDATE entry SET changed_at =
    COALESCE((SELECT MAX(variant.changed_at) FROM variant WHERE variant.entry_id = entry.id), created_at)
"""


def upgrade() -> None:
    with op.batch_alter_table("content_type") as table:
        table.add_column(sa.Column("visibility", sa.String(16), nullable=False, server_default="everyone"))
        table.add_column(sa.Column("translated", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("reviewed", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("versioned", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(
            sa.Column("writers", Json, nullable=False, server_default=sa.text("""'["consultant", "translator"]'"""))
        )
    with op.batch_alter_table("entry") as table:
        table.add_column(
            sa.Column("changed_at", UtcDateTime(), nullable=False, server_default=sa.text("'1970-01-01 00:00:00'"))
        )
        table.add_column(sa.Column("ticket_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_entry_ticket_id_ticket"), "ticket", ["ticket_id"], ["id"], ondelete="SET NULL"
        )
    op.execute(LAST_CHANGE)
    op.create_index(op.f("ix_entry_changed_at_id"), "entry", ["changed_at", "id"])
    op.create_index(op.f("ix_entry_ticket_id"), "entry", ["ticket_id"])
    op.create_table(
        "entry_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("content_type", sa.String(length=160), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_entry_file_entry_id_entry"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], name=op.f("fk_entry_file_account_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_file")),
    )
    op.create_index(op.f("ix_entry_file_entry_id"), "entry_file", ["entry_id"])
    op.create_table(
        "entry_preview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variant.id"], name=op.f("fk_entry_preview_variant_id_variant"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], name=op.f("fk_entry_preview_account_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_preview")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_entry_preview_token_hash")),
    )
    op.create_index(op.f("ix_entry_preview_variant_id"), "entry_preview", ["variant_id"])
    op.create_table(
        "message_entry",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_entry_message_id_message"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_message_entry_entry_id_entry"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "entry_id", name=op.f("pk_message_entry")),
    )
    op.create_index(op.f("ix_message_entry_entry_id_message_id"), "message_entry", ["entry_id", "message_id"])


def downgrade() -> None:
    for name in ("message_entry", "entry_preview", "entry_file"):
        op.drop_table(name)
    op.drop_index(op.f("ix_entry_ticket_id"), "entry")
    op.drop_index(op.f("ix_entry_changed_at_id"), "entry")
    with op.batch_alter_table("entry") as table:
        table.drop_constraint(op.f("fk_entry_ticket_id_ticket"), type_="foreignkey")
        table.drop_column("ticket_id")
        table.drop_column("changed_at")
    with op.batch_alter_table("content_type") as table:
        for name in ("writers", "versioned", "reviewed", "translated", "visibility"):
            table.drop_column(name)
