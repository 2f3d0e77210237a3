"""Entries beside tickets in the search index, and in what is owed to it. The index is made anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

VECTOR = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
TERMS = sa.Text().with_variant(postgresql.ARRAY(sa.Text()), "postgresql")
VECTORS = ("access", "spoken", "whole")


def upgrade() -> None:
    with op.batch_alter_table("outbox", reflect_kwargs={"resolve_fks": False}) as batch:
        batch.add_column(sa.Column("entry_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_outbox_entry_id_entry"), "entry", ["entry_id"], ["id"], ondelete="CASCADE")
        batch.create_index(op.f("ix_outbox_entry_id"), ["entry_id"])
    op.drop_table("search_document")
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("product_groups", TERMS, nullable=False),
        sa.Column("languages", TERMS, nullable=False),
        *(sa.Column(name, TERMS if name == "access" else VECTOR, nullable=False) for name in VECTORS),
        sa.Column("analysis", sa.String(length=8), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{source}_id"],
                [f"{source}.id"],
                name=op.f(f"fk_search_document_{source}_id_{source}"),
                ondelete="CASCADE",
            )
            for source in ("ticket", "entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_search_document_ticket_id")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_search_document_entry_id")),
    )
    _index()


def downgrade() -> None:
    op.drop_table("search_document")
    op.create_table(
        "search_document",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("product_group", sa.String(length=32), nullable=False),
        *(sa.Column(name, TERMS if name == "access" else VECTOR, nullable=False) for name in VECTORS),
        sa.Column("analysis", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_search_document_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_search_document")),
    )
    _index()
    with op.batch_alter_table("outbox", reflect_kwargs={"resolve_fks": False}) as batch:
        batch.drop_index(op.f("ix_outbox_entry_id"))
        batch.drop_constraint(op.f("fk_outbox_entry_id_entry"), type_="foreignkey")
        batch.drop_column("entry_id")


def _index() -> None:
    op.create_index("ix_search_document_number", "search_document", ["number"])
    op.create_index("ix_search_document_analysis", "search_document", ["analysis"])
    for column in VECTORS:
        op.create_index(f"ix_search_document_{column}", "search_document", [column], postgresql_using="gin")
