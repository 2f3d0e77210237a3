"""PostgreSQL finds words within somebody's reach by one index."""

from __future__ import annotations

from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_search_document_access", "search_document")
    for column in ("spoken", "whole"):
        op.drop_index(f"ix_search_document_{column}", "search_document")
        op.create_index(f"ix_search_document_{column}", "search_document", ["access", column], postgresql_using="gin")


def downgrade() -> None:
    for column in ("spoken", "whole"):
        op.drop_index(f"ix_search_document_{column}", "search_document")
        op.create_index(f"ix_search_document_{column}", "search_document", [column], postgresql_using="gin")
    op.create_index("ix_search_document_access", "search_document", ["access"], postgresql_using="gin")
