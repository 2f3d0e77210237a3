"""States may retire, and who may move a ticket from which to which is data."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

state = sa.table("state", sa.column("code"), sa.column("kind"))
FINISHED = ("resolved", "closed")


def upgrade() -> None:
    op.add_column("state", sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("state") as batch:
        batch.alter_column("active", server_default=None)
    state_move = op.create_table(
        "state_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_code", sa.String(length=32), nullable=False),
        sa.Column("to_code", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_code"], ["state.code"], name=op.f("fk_state_move_from_code_state"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["to_code"], ["state.code"], name=op.f("fk_state_move_to_code_state"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_move")),
        sa.UniqueConstraint("from_code", "to_code", "who", name=op.f("uq_state_move_from_code_to_code_who")),
    )
    op.create_index(op.f("ix_state_move_to_code"), "state_move", ["to_code"])
    rows = [
        {"from_code": before.code, "to_code": after.code, "who": who}
        for before in op.get_bind().execute(sa.select(state)).all()
        for after in op.get_bind().execute(sa.select(state)).all()
        for who in _movers(before, after)
    ]
    if rows:
        op.bulk_insert(state_move, rows)


def downgrade() -> None:
    op.drop_table("state_move")
    with op.batch_alter_table("state") as batch:
        batch.drop_column("active")


def _movers(before: sa.Row, after: sa.Row) -> Iterator[str]:
    if before.code != after.code:
        yield "consultant"
    if (before.kind in FINISHED and after.kind == "open") or (before.kind != "closed" and after.kind == "closed"):
        yield "customer"
