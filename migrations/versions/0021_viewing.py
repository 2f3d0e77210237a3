"""As whom an administrator's browser looks at the portal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account_session") as table:
        table.add_column(sa.Column("viewing_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_account_session_viewing_id_ab_user", "ab_user", ["viewing_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("account_session") as table:
        table.drop_constraint("fk_account_session_viewing_id_ab_user", type_="foreignkey")
        table.drop_column("viewing_id")
