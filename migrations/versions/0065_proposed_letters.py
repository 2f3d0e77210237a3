"""Words of letters that wait for a second pair of eyes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter_template", sa.Column("proposed", sa.Text, nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM letter_template WHERE source = ''")  # the product's words hold there
    op.drop_column("letter_template", "proposed")
