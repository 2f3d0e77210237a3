"""Each level says whether its clocks stand for a third party; tickets keep what they were promised of later answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import Json

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SETTING = "levels_pause_for_third_party"
desk_setting = sa.table("desk_setting", sa.column("name"), sa.column("value"))
service_level = sa.table("service_level", sa.column("pause_for_third_party", sa.Boolean()))


def upgrade() -> None:
    pauses = sa.Column("pause_for_third_party", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("service_level", pauses)
    with op.batch_alter_table("service_level") as batch:
        batch.alter_column("pause_for_third_party", server_default=None)
    chosen = sa.select(desk_setting.c.value).where(desk_setting.c.name == SETTING)
    if op.get_bind().scalar(chosen) == "1":
        op.execute(sa.update(service_level).values(pause_for_third_party=True))
    op.execute(sa.delete(desk_setting).where(desk_setting.c.name == SETTING))
    op.add_column("pause", sa.Column("kind", sa.String(length=32), nullable=True))
    op.add_column("ticket", sa.Column("agreed", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("ticket", "agreed")
    op.drop_column("pause", "kind")
    op.drop_column("service_level", "pause_for_third_party")
