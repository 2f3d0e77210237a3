"""Calls that their customers have to confirm; callers are found by their number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.telephone_number import number_key
from app.models.types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ab_user = sa.table("ab_user", sa.column("id"), sa.column("telephone"), sa.column("telephone_key"))


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("lapsed_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["ab_user.id"], name=op.f("fk_confirmation_confirmed_by_id_ab_user")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_confirmation_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_confirmation_ticket_id")),
    )
    op.add_column("ab_user", sa.Column("telephone_key", sa.String(length=16), nullable=True))
    op.create_index(op.f("ix_ab_user_telephone_key"), "ab_user", ["telephone_key"])
    connection = op.get_bind()
    for row in connection.execute(sa.select(ab_user.c.id, ab_user.c.telephone).where(ab_user.c.telephone.is_not(None))):
        connection.execute(
            sa.update(ab_user).where(ab_user.c.id == row.id).values(telephone_key=number_key(row.telephone))
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_ab_user_telephone_key"), "ab_user")
    with op.batch_alter_table("ab_user") as batch:
        batch.drop_column("telephone_key")
    op.drop_table("confirmation")
