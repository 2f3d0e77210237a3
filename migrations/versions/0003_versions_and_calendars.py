"""Versions of what people edit; which calendar received a ticket or message; an organisation's own calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json, UtcDateTime, utc_now

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

POINTING = ("ticket", "message", "organisation")


def upgrade() -> None:
    version = op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], name=op.f("fk_version_account_id_ab_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("kind", "key", "number", name=op.f("uq_version_kind_key_number")),
    )
    for name in POINTING:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("calendar_id", sa.Integer(), nullable=True))
            table.create_foreign_key(f"fk_{name}_calendar_id_calendar", "calendar", ["calendar_id"], ["id"])
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("calendar_version", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE ticket SET calendar_id = "
        "(SELECT calendar_id FROM product_group WHERE product_group.id = ticket.product_group_id)"
    )
    _keep_todays_calendars(version)


def _keep_todays_calendars(version: sa.Table) -> None:
    calendar = sa.table(
        "calendar", sa.column("id", sa.Integer), sa.column("version", sa.Integer), sa.column("definition", Json)
    )
    rows = [
        {"kind": "calendar", "key": str(row.id), "number": row.version, "data": row.definition, "created_at": utc_now()}
        for row in op.get_bind().execute(sa.select(calendar))
    ]
    if rows:
        op.bulk_insert(version, rows)


def downgrade() -> None:
    with op.batch_alter_table("message") as table:
        table.drop_column("calendar_version")
    for name in POINTING:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(f"fk_{name}_calendar_id_calendar", type_="foreignkey")
            table.drop_column("calendar_id")
    op.drop_table("version")
