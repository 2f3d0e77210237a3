"""Names in further languages than Polish and English."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

TABLES = ("state", "content_type", "ab_role", "product_group")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("names", Json, nullable=False, server_default="{}"))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "names")
