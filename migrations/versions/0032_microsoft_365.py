"""Signing in to mail servers by tokens of Microsoft 365."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mail_connection") as table:
        table.add_column(sa.Column("signs_in", sa.String(8), nullable=False, server_default="password"))
        table.add_column(sa.Column("authority", sa.String(255), nullable=False, server_default=""))
        table.add_column(sa.Column("client_id", sa.String(255), nullable=False, server_default=""))
        table.add_column(sa.Column("secret_expires_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("mail_connection") as table:
        for name in ("secret_expires_on", "client_id", "authority", "signs_in"):
            table.drop_column(name)
