"""Keys for content of some types only, and a new text for a key while the old one is still good."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json, UtcDateTime

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account_key") as table:
        table.add_column(sa.Column("content_types", Json, nullable=True))
        table.add_column(sa.Column("old_hash", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("old_until", UtcDateTime(timezone=True), nullable=True))
        table.create_unique_constraint("uq_account_key_old_hash", ["old_hash"])


def downgrade() -> None:
    with op.batch_alter_table("account_key") as table:
        table.drop_constraint("uq_account_key_old_hash", type_="unique")
        for name in ("old_until", "old_hash", "content_types"):
            table.drop_column(name)
