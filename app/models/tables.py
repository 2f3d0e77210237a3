"""The tables that the light processes write too, described without Flask-AppBuilder.

The SMTP intake and the sweeper import this module only; the mapped classes
beside it (journal.py, outbox.py, mailbox.py) are made from the same tables.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from app.models.types import Json, UtcDateTime, head_index, utc_now

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

mailbox = Table(
    "mailbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", String(320), nullable=False, unique=True),  # lower case
    Column("name", String(200), nullable=False),
    Column("product_group_id", ForeignKey("product_group.id"), nullable=False, index=True),
    Column("active", Boolean, nullable=False, default=True),
    Column("verified_by", String(255), nullable=True),  # whose Authentication-Results are ours (RFC 8601)
    Column("trusts_marks", Boolean, nullable=False, default=False, server_default=false()),
    Column("quiet_minutes", Integer, nullable=True),  # so long nothing may be read from it; none: however long
    Column("silence_told_at", UtcDateTime, nullable=True),  # when administrators heard that it is silent for longer
)

# How a mailbox is reached on somebody else's server: its settings first, then how reading it went.
mail_connection = Table(
    "mail_connection",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mailbox_id", ForeignKey("mailbox.id", ondelete="CASCADE"), nullable=False),
    Column("direction", String(3), nullable=False),  # in, out
    Column("active", Boolean, nullable=False, default=True),
    Column("way", String(8), nullable=False),
    Column("host", String(255), nullable=False),
    Column("port", Integer, nullable=False),
    Column("security", String(8), nullable=False),
    Column("username", String(320), nullable=False, default=""),
    Column("secret", Text, nullable=True),  # sealed (app/sealed.py)
    Column("secret_changed_at", UtcDateTime, nullable=True),
    Column("signs_in", String(8), nullable=False, default="password", server_default="password"),
    Column("authority", String(255), nullable=False, default="", server_default=""),  # with client_id, for tokens
    Column("client_id", String(255), nullable=False, default="", server_default=""),
    Column("secret_expires_on", Date, nullable=True),
    Column("folder", String(255), nullable=False, default="INBOX"),
    Column("move_to", String(255), nullable=False, default=""),  # empty: letters stay where they are
    Column("takes_old", Boolean, nullable=False, default=False),
    Column("revision", Integer, nullable=False, default=0, server_default="0"),  # counts changes of what stands above
    Column("consenting", Text, nullable=True),  # a user who is about to consent: his code, sealed
    Column("cursor", Text, nullable=True),  # how far it is read, in the words of its way
    Column("began_at", UtcDateTime, nullable=True),
    Column("read_at", UtcDateTime, nullable=True),
    Column("trouble", String(16), nullable=True),
    Column("said", Text, nullable=True),
    Column("troubled_at", UtcDateTime, nullable=True),  # when the trouble began
    UniqueConstraint("mailbox_id", "direction"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mailbox_id", ForeignKey("mailbox.id"), nullable=True, index=True),
    Column("transport", String(16), nullable=False),
    Column("recipient", String(998), nullable=False),  # as the envelope named it, plus part included
    Column("envelope_from", String(998), nullable=True),
    Column("peer", String(200), nullable=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("arrived_at", UtcDateTime, nullable=False, default=utc_now, index=True),
    Column("outcome", String(16), nullable=False, default="waiting"),
    Column("reason", Text, nullable=True),
    Column("message_id", String(998), nullable=True, index=True),
    Column("body_sha256", String(64), nullable=True),  # with message_id: the same letter, whichever way it came
    Column("sender", String(320), nullable=True),
    Column("subject", Text, nullable=True),
    Column("kind", String(16), nullable=True),
    Column("evidence", Json, nullable=True),
    Column("proof", Json, nullable=True),  # of its sender: what SPF, DKIM and DMARC came to, and who checked
    Column("fields", Json, nullable=True),  # what a form gave beside the words, by field id
    Column("ticket_id", ForeignKey("ticket.id"), nullable=True, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("claimed_until", UtcDateTime, nullable=True),
    Column("claimed_by", String(32), nullable=True),
    Column("settled_at", UtcDateTime, nullable=True),
    Index(
        "ix_journal_waiting",
        "id",
        sqlite_where=text("outcome = 'waiting'"),
        postgresql_where=text("outcome = 'waiting'"),
    ),
    Index("ix_journal_outcome_id", "outcome", "id"),
    Index("ix_journal_mailbox_id_arrived_at", "mailbox_id", "arrived_at"),
    head_index("journal", "reason"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("queue", String(16), nullable=False),
    Column("reaction", String(32), nullable=False),
    Column("event_id", ForeignKey("event.id"), nullable=True, index=True),
    Column("letter_id", ForeignKey("letter.id"), nullable=True, index=True),
    Column("request_id", ForeignKey("letter_request.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("entry_id", ForeignKey("entry.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("delivery_id", ForeignKey("hook_delivery.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("held_id", ForeignKey("held_answer.id", ondelete="CASCADE"), nullable=True, index=True),
    Column("due_at", UtcDateTime, nullable=True, default=utc_now),  # empty: given up, somebody must look
    Column("claimed_until", UtcDateTime, nullable=True),
    Column("claimed_by", String(32), nullable=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("last_error", Text, nullable=True),
    Column("created_at", UtcDateTime, nullable=False, default=utc_now),
    Index("ix_outbox_queue_due_at", "queue", "due_at", "id"),
)
