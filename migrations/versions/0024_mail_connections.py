"""How mailboxes are reached on other servers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_connection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(3), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("security", sa.String(8), nullable=False),
        sa.Column("username", sa.String(320), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("secret_changed_at", UtcDateTime(), nullable=True),
        sa.Column("folder", sa.String(255), nullable=False),
        sa.Column("move_to", sa.String(255), nullable=False),
        sa.Column("takes_old", sa.Boolean(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("began_at", UtcDateTime(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("trouble", sa.String(16), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("troubled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_connection")),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name=op.f("fk_mail_connection_mailbox_id_mailbox"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("mailbox_id", "direction", name=op.f("uq_mail_connection_mailbox_id_direction")),
    )


def downgrade() -> None:
    op.drop_table("mail_connection")
