"""Words of attached PDFs, for search. A file without any yet waits to be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

WAIT = "UPDATE attachment SET words = NULL WHERE lower(name) LIKE '%.pdf' AND size <= 20971520 AND NOT inline"


def upgrade() -> None:
    op.add_column("attachment", sa.Column("words", sa.Text, nullable=True, server_default=""))
    op.execute(WAIT)
    waiting = sa.text("words IS NULL")
    op.create_index("ix_attachment_waiting", "attachment", ["id"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_index("ix_attachment_waiting", "attachment")
    op.drop_column("attachment", "words")
