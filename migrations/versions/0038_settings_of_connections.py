"""Which settings of a mailbox's account its reader goes by, so that an old one writes nothing over new ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail_connection", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("mail_connection") as batch:
        batch.drop_column("revision")
