"""Lists of one product group by due time: indexes of the few tickets of which something is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OWED = sa.text("due_at IS NOT NULL")
ALL, BY_GROUP = "ix_ticket_due_at_id", "ix_ticket_product_group_id_due_at_id"


def upgrade() -> None:
    op.drop_index(op.f(ALL), "ticket")
    op.create_index(op.f(ALL), "ticket", ["due_at", "id"], sqlite_where=OWED, postgresql_where=OWED)
    op.create_index(
        op.f(BY_GROUP), "ticket", ["product_group_id", "due_at", "id"], sqlite_where=OWED, postgresql_where=OWED
    )


def downgrade() -> None:
    op.drop_index(op.f(BY_GROUP), "ticket")
    op.drop_index(op.f(ALL), "ticket")
    op.create_index(op.f(ALL), "ticket", ["due_at", "id"])
