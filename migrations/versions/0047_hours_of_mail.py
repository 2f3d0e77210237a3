"""What became of the letters of each hour, counted once, and since when administrators know that a mailbox is silent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json, UtcDateTime

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_hour",
        sa.Column("hour", UtcDateTime, nullable=False),
        sa.Column("mailbox", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("ends", Json, nullable=False),
        sa.Column("twice", sa.Integer, nullable=False),
        sa.Column("lost", Json, nullable=False),
        sa.Column("counted_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("hour", "mailbox", name="pk_mail_hour"),
    )
    op.add_column("mailbox", sa.Column("silence_told_at", UtcDateTime, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("mailbox") as batch:
        batch.drop_column("silence_told_at")
    op.drop_table("mail_hour")
