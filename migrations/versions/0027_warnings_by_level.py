"""Each service level warns at its own time, and no two active ones are for the same tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SETTING = "levels_warn_percent"
TABLES = ("service_level", "term")
MEANT_FOR = ("coalesce(priority, '')", "coalesce(product_group_id, 0)", "coalesce(organisation_id, 0)")
ONLY_THE_OLDEST = """
    UPDATE service_level SET active = false
    WHERE active AND EXISTS (
        SELECT 1 FROM service_level AS older
        WHERE older.active AND older.id < service_level.id
        AND older.priority IS NOT DISTINCT FROM service_level.priority
        AND older.product_group_id IS NOT DISTINCT FROM service_level.product_group_id
        AND older.organisation_id IS NOT DISTINCT FROM service_level.organisation_id
    )
"""  # of two alike the older one held
UNIQUE = "ix_service_level_meant_for"


def upgrade() -> None:
    chosen = op.get_bind().scalar(sa.text("SELECT value FROM desk_setting WHERE name = :name"), {"name": SETTING})
    for table in TABLES:
        op.add_column(
            table, sa.Column("warn_percent", sa.Integer(), nullable=False, server_default=str(int(chosen or 75)))
        )
    op.execute(sa.text("DELETE FROM desk_setting WHERE name = :name").bindparams(name=SETTING))
    op.execute(ONLY_THE_OLDEST)
    op.create_index(
        UNIQUE,
        "service_level",
        [sa.text(part) for part in MEANT_FOR],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )


def downgrade() -> None:
    op.drop_index(UNIQUE, "service_level")
    for table in TABLES:
        op.drop_column(table, "warn_percent")
