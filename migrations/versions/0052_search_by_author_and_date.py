"""Search is narrowed by author and date; the index is made anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM search_document")
    op.execute("DELETE FROM search_index")
    terms = sa.Text().with_variant(ARRAY(sa.Text()), "postgresql")
    with op.batch_alter_table("search_document") as batch:
        batch.add_column(sa.Column("authors", terms, nullable=False))
        batch.add_column(sa.Column("dates", terms, nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM search_document")
    op.execute("DELETE FROM search_index")
    with op.batch_alter_table("search_document") as batch:
        batch.drop_column("dates")
        batch.drop_column("authors")
