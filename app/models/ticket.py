"""Tickets, their messages and attachments."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, MappedSQLExpression, column_property, mapped_column, relationship, validates
from sqlalchemy.orm.attributes import set_committed_value

from app.models.base import Model
from app.models.named import Named
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.types import Json, UtcDateTime, head_index, utc_now

if TYPE_CHECKING:
    from app.models.account import Account
    from app.models.beside import CopiedPerson
    from app.models.call import Confirmation
    from app.models.event import Event
    from app.models.level import Pause, Term


class StateKind(StrEnum):
    """What a state means to the rules; states themselves are rows."""

    UNCONFIRMED = "unconfirmed"
    NEW = "new"
    OPEN = "open"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_THIRD_PARTY = "waiting_third_party"
    RESOLVED = "resolved"
    CLOSED = "closed"


FINISHED = frozenset({StateKind.RESOLVED, StateKind.CLOSED})
UNFINISHED = frozenset(StateKind) - FINISHED


class Mover(StrEnum):
    """Who may make a move: the customer's side, a consultant of the product group, or who manages it."""

    CUSTOMER = "customer"
    CONSULTANT = "consultant"
    MANAGER = "manager"


class MessageKind(StrEnum):
    CUSTOMER = "customer"
    CONSULTANT = "consultant"
    NOTE = "note"
    SYSTEM = "system"


class Channel(StrEnum):
    """The way by which something arrived."""

    PORTAL = "portal"
    MAIL = "mail"
    TELEPHONE = "telephone"
    API = "api"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class State(Named, Model):
    """A state that a ticket can be in. One that is not active takes no more tickets."""

    __tablename__ = "state"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class StateMove(Model):
    """Somebody may move tickets from one state to another. What has no row is not allowed."""

    __tablename__ = "state_move"
    __table_args__ = (UniqueConstraint("from_code", "to_code", "who"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_code: Mapped[str] = mapped_column(ForeignKey("state.code", ondelete="CASCADE"))
    to_code: Mapped[str] = mapped_column(ForeignKey("state.code", ondelete="CASCADE"), index=True)
    who: Mapped[str] = mapped_column(String(16))  # of Mover


class Counter(Model):
    """The last number given out, so that numbers are unique and without gaps."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


# The columns by which lists find tickets, those first that leave fewest. A list of few tickets may sort them;
# of a broad one an index must keep every order.
NARROW = (("requester_id",), ("organisation_id",), ("assignee_id", "status"))
BROAD = (("status", "product_group_id"), ("product_group_id",))
SORTED = (*BROAD, ("status",))
ORDERS = (("arrived_at", "id"), ("number",), ("id",))
FILTERED = (
    *("status", "product_group_id", "priority", "assignee_id", "organisation_id", "requester_id"),
    *("confidential", "arrived_at", "number"),
)


PLANNED = text("follow_up_at IS NOT NULL")  # few tickets are
SOLVED = text("resolved_at IS NOT NULL")
OWED = text("due_at IS NOT NULL")  # of few tickets anything is


def _wide(*leading: str) -> Index:
    """An index that holds all that lists filter by: looking into 40,000 rows of the table takes 15 times as long."""
    rest = (column for column in FILTERED if column not in leading)
    return Index(f"ix_ticket_by_{'_'.join(leading)}", *leading, "updated_at", "id", *rest)


class Ticket(Model):
    """A customer's report and all that follows from it. It keeps both clocks (S9)."""

    __tablename__ = "ticket"
    LISTED_BY: ClassVar = (*NARROW, *BROAD, ("status",))  # as ranges.py cuts lists
    __table_args__ = (
        Index(None, "updated_at", "id"),
        Index(None, "arrived_at", "id"),
        *(
            Index(None, *leading, "due_at", "id", sqlite_where=OWED, postgresql_where=OWED)
            for leading in ((), ("product_group_id",))
        ),
        Index(None, "status", "updated_at", "id"),
        *(Index(None, column, "id") for column in ("subject", "counts_as_received_at")),  # what only programs ask for
        Index(None, "product_group_id", "counts_as_received_at", "id"),
        Index(None, "follow_up_at", sqlite_where=PLANNED, postgresql_where=PLANNED),
        Index(None, "resolved_at", sqlite_where=SOLVED, postgresql_where=SOLVED),
        *(_wide(*leading) for leading in (*NARROW, *BROAD)),
        *(
            Index(None, *leading, *order)
            for leading in SORTED
            for order in (("arrived_at", "id"), ("number",), ("id",))
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    subject: Mapped[str] = mapped_column(String(500))
    status: Mapped[str] = mapped_column(ForeignKey("state.code"))
    priority: Mapped[str] = mapped_column(String(16), default=Priority.NORMAL)
    channel: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8), default="pl")
    product_group_id: Mapped[int] = mapped_column(ForeignKey("product_group.id"))
    requester_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    confidential: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counts_as_received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))  # by which it was received,
    calendar_version: Mapped[int] = mapped_column(default=1)  # and in which version
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed: Mapped[dict[str, Any] | None] = mapped_column(Json)  # what of its service level holds for it, frozen
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of the nearest promise that is still owed
    follow_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the desk wants to look at it again
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # by field id (docs/fields.md)
    fields_set: Mapped[int | None]  # the published set that they were saved under

    state: Mapped[State] = relationship()
    product_group: Mapped[ProductGroup] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    requester: Mapped[Account] = relationship(foreign_keys=[requester_id])
    assignee: Mapped[Account | None] = relationship(foreign_keys=[assignee_id])
    messages: Mapped[list[Message]] = relationship(back_populates="ticket", order_by="Message.id")
    events: Mapped[list[Event]] = relationship(back_populates="ticket", order_by="Event.id")
    terms: Mapped[list[Term]] = relationship(back_populates="ticket", order_by="Term.id", passive_deletes=True)
    pauses: Mapped[list[Pause]] = relationship(back_populates="ticket", order_by="Pause.id", passive_deletes=True)
    confirmation: Mapped[Confirmation | None] = relationship(back_populates="ticket", passive_deletes=True)
    copied: Mapped[list[CopiedPerson]] = relationship(passive_deletes="all")
    sender_proof: ClassVar[MappedSQLExpression[str | None]]  # of its customer's last message, where that was a letter

    @property
    def is_finished(self) -> bool:
        """Whether it is resolved or closed."""
        return self.state.kind in FINISHED

    @validates("status")
    def _forget_state(self, _name: str, code: str) -> str:
        self.__dict__.pop("state", None)
        return code

    def enter(self, state: State) -> None:
        """Be in that state: `state` answers at once, before the code is kept."""
        self.status = state.code
        set_committed_value(self, "state", state)

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it waits for its customer to confirm a call."""
        return self.state.kind == StateKind.UNCONFIRMED

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"


class Participant(Model):
    """Somebody besides the requester who was let into one ticket."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("account_id", "ticket_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    account: Mapped[Account] = relationship()


class Message(Model):
    """One contribution to a ticket; a note is for consultants only."""

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "ticket_id", "id"),
        *(Index(None, column, "id") for column in ("kind", "arrived_at", "counts_as_received_at")),
        *(head_index("message", column) for column in ("text", "html")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)  # what the author newly wrote
    folded: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)  # quotes, signatures: shown on demand
    html: Mapped[str | None] = mapped_column(Text)  # cleaned
    message_id: Mapped[str | None] = mapped_column(String(998), index=True)  # RFC 5322, of the letter it came by
    journal_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"), index=True)
    automatic: Mapped[bool] = mapped_column(default=False)
    verified: Mapped[bool] = mapped_column(default=True)
    proof: Mapped[str | None] = mapped_column(String(16))  # of a letter's sender: pass, fail, none, temperror
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counts_as_received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))
    calendar_version: Mapped[int | None]

    ticket: Mapped[Ticket] = relationship(back_populates="messages")
    author: Mapped[Account | None] = relationship()
    attachments: Mapped[list[Attachment]] = relationship(back_populates="message", order_by="Attachment.id")


LARGEST_PDF = 20 * 2**20  # bytes of one that is read for search
IS_WAITING = text("words IS NULL")


def _words_at_first(context: Any) -> str | None:
    """A PDF waits to be read; every other file is read when it is indexed."""
    row = context.get_current_parameters()
    is_read = row["name"].lower().endswith(".pdf") and row["size"] <= LARGEST_PDF and not row.get("inline")
    return None if is_read else ""


class Attachment(Model):
    """A file of a message; its bytes lie in app/files under their hash.

    `words` are those of a PDF (app/search/pdf.py), null while they wait to be read.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        *(Index(None, column, "id") for column in ("name", "size", "content_type")),
        Index("ix_attachment_waiting", "id", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    content_type: Mapped[str] = mapped_column(String(127))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content_id: Mapped[str | None] = mapped_column(String(255))
    inline: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str | None] = mapped_column(Text, default=_words_at_first, deferred=True)

    message: Mapped[Message] = relationship(back_populates="attachments")


Ticket.sender_proof = column_property(
    select(Message.proof)
    .where(Message.ticket_id == Ticket.id, Message.kind == MessageKind.CUSTOMER)
    .order_by(Message.id.desc())
    .limit(1)
    .correlate(Ticket)
    .scalar_subquery(),
    deferred=True,
)
