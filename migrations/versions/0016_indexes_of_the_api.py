"""Indexes of what the API's lists are filtered by; state by every order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEXES = (
    ("ticket", ("subject", "id")),
    ("ticket", ("counts_as_received_at", "id")),
    ("ticket", ("product_group_id", "counts_as_received_at", "id")),
    ("ticket", ("status", "arrived_at", "id")),
    ("ticket", ("status", "number")),
    ("ticket", ("status", "id")),
    ("message", ("kind", "id")),
    ("message", ("arrived_at", "id")),
    ("message", ("counts_as_received_at", "id")),
    ("attachment", ("name", "id")),
    ("attachment", ("size", "id")),
    ("attachment", ("content_type", "id")),
    ("event", ("message_id", "id")),
    ("event", ("actor_id", "id")),
    ("event", ("kind", "id")),
    ("event", ("created_at", "id")),
)
HEADS = (("message", "text"), ("message", "html"), ("journal", "reason"))


def upgrade() -> None:
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
    for table, column in HEADS:
        op.create_index(f"ix_{table}_{column}_head", table, [sa.text(f"substr({column}, 1, 64)"), "id"])
    for table in ("ticket", "message", "attachment", "event", "journal"):
        op.execute(f"ANALYZE {table}")


def downgrade() -> None:
    for table, column in HEADS:
        op.drop_index(f"ix_{table}_{column}_head", table)
    for table, columns in INDEXES:
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
