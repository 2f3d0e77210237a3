"""Invitations, links kept as hashes, what is asked at public doors, rules about mail domains, choices of the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_choices()
    _add_requests()
    _add_invitations()
    _add_links()
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("request_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_outbox_request_id_letter_request", "letter_request", ["request_id"], ["id"], ondelete="CASCADE"
        )
        table.create_index("ix_outbox_request_id", ["request_id"])
    with op.batch_alter_table("letter") as table:
        table.add_column(sa.Column("invitation_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_letter_invitation_id_invitation", "invitation", ["invitation_id"], ["id"], ondelete="CASCADE"
        )
        table.create_index("ix_letter_invitation_id", ["invitation_id"])


def _add_choices() -> None:
    op.create_table(
        "desk_setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_desk_setting")),
    )
    op.create_table(
        "mail_domain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_domain")),
        sa.UniqueConstraint("domain", name=op.f("uq_mail_domain_domain")),
    )


def _add_requests() -> None:
    op.create_table(
        "letter_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_request")),
    )
    op.create_index("ix_letter_request_created_at", "letter_request", ["created_at"])


def _add_invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("sharing", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=130), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        _points_to("invitation", "account_id", "ab_user", "CASCADE"),
        _points_to("invitation", "organisation_id", "organisation", "CASCADE"),
        _points_to("invitation", "invited_by_id", "ab_user", "SET NULL"),
        _points_to("invitation", "settled_by_id", "ab_user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    for columns in (["account_id"], ["organisation_id"], ["invited_by_id"], ["state", "id"]):
        op.create_index(f"ix_invitation_{'_'.join(columns)}", "invitation", columns)


def _add_links() -> None:
    op.create_table(
        "account_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        _points_to("account_link", "account_id", "ab_user", "CASCADE"),
        _points_to("account_link", "invitation_id", "invitation", "CASCADE"),
        _points_to("account_link", "letter_id", "letter", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_link_token_hash")),
    )
    for columns in (["account_id", "purpose"], ["invitation_id"], ["letter_id"], ["expires_at"]):
        op.create_index(f"ix_account_link_{'_'.join(columns)}", "account_link", columns)


def _points_to(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def downgrade() -> None:
    with op.batch_alter_table("letter") as table:
        table.drop_index("ix_letter_invitation_id")
        table.drop_constraint("fk_letter_invitation_id_invitation", type_="foreignkey")
        table.drop_column("invitation_id")
    op.execute("DELETE FROM outbox WHERE request_id IS NOT NULL")
    with op.batch_alter_table("outbox") as table:
        table.drop_index("ix_outbox_request_id")
        table.drop_constraint("fk_outbox_request_id_letter_request", type_="foreignkey")
        table.drop_column("request_id")
    for name in ("account_link", "invitation", "letter_request", "mail_domain", "desk_setting"):
        op.drop_table(name)
