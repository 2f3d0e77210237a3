"""Who is on duty at the telephone; the number and the first digit become choices of the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEFORE = {"telephone_number": "+48 00 000 00 00", "telephone_first_digit": "3"}  # as the code said it until now
product_group = sa.table("product_group", sa.column("menu_digit"))
desk_setting = sa.table("desk_setting", sa.column("name"), sa.column("value"))


def upgrade() -> None:
    op.add_column("assignment", sa.Column("duty", sa.Integer(), nullable=True))
    digits = sa.select(sa.func.count()).select_from(product_group).where(product_group.c.menu_digit.is_not(None))
    if op.get_bind().execute(digits).scalar():
        kept = set(op.get_bind().scalars(sa.select(desk_setting.c.name)))
        wanted = [{"name": name, "value": value} for name, value in BEFORE.items() if name not in kept]
        op.bulk_insert(desk_setting, wanted)


def downgrade() -> None:
    with op.batch_alter_table("assignment") as batch:
        batch.drop_column("duty")
