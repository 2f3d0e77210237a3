"""Indexes that hold what lists filter by; every order of the broad lists."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REST = ("updated_at", "id", "status", "product_group_id", "priority", "assignee_id", "organisation_id", "requester_id")
REST += ("confidential", "arrived_at", "number")
NARROW = (("requester_id",), ("organisation_id",), ("assignee_id", "status"))
BROAD = (("status", "product_group_id"), ("product_group_id",))
ORDERS = (("arrived_at", "id"), ("number",), ("id",))
REPLACED = (("requester_id",), ("organisation_id",), ("assignee_id",), *BROAD)


def upgrade() -> None:
    for leading in REPLACED:
        op.drop_index(_plain(*leading, "updated_at", "id"), "ticket")
    for leading in (*NARROW, *BROAD):
        op.create_index(_wide(leading), "ticket", [*leading, *(name for name in REST if name not in leading)])
    for leading in BROAD:
        for order in ORDERS:
            op.create_index(_plain(*leading, *order), "ticket", [*leading, *order])
    op.execute("ANALYZE ticket")


def downgrade() -> None:
    for leading in BROAD:
        for order in ORDERS:
            op.drop_index(_plain(*leading, *order), "ticket")
    for leading in (*NARROW, *BROAD):
        op.drop_index(_wide(leading), "ticket")
    for leading in REPLACED:
        op.create_index(_plain(*leading, "updated_at", "id"), "ticket", [*leading, "updated_at", "id"])


def _plain(*columns: str) -> str:
    return f"ix_ticket_{'_'.join(columns)}"


def _wide(leading: tuple[str, ...]) -> str:
    return f"ix_ticket_by_{'_'.join(leading)}"
