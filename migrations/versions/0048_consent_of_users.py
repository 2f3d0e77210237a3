"""A user of Microsoft 365 who is about to consent: the code that he has to type, sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail_connection", sa.Column("consenting", sa.Text, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("mail_connection") as batch:
        batch.drop_column("consenting")
