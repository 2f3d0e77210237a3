"""How far the indexes of fields are, and values that follow a change of their field."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "field_index",
        sa.Column("field_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("spelled", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("field_id", name=op.f("pk_field_index")),
    )
    op.create_table(
        "field_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("misfits", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_move")),
        sa.UniqueConstraint("field_id", "what", name=op.f("uq_field_move_field_id_what")),
    )


def downgrade() -> None:
    op.drop_table("field_move")
    op.drop_table("field_index")
