"""Field definitions in versions, the sets that were published, and what does not fit them (docs/fields.md).

Values lie in the `fields` column of tickets, organisations, accounts and texts, by the field's immutable id. The number
beside them, `fields_set`, is of the published set that they were saved under: it says how to read them for ever.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import Json, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.account import Account


class FieldVersion(Model):
    """A field as it was defined once; never changed, never removed."""

    __tablename__ = "field_version"
    __table_args__ = (UniqueConstraint("field_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    field_id: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    owner: Mapped[str] = mapped_column(String(60), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json)  # fields.Definition, plain


class FieldSet(Model):
    """All fields of the desk as they held from one publishing to the next. The highest number is what holds now."""

    __tablename__ = "field_set"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))  # of the definitions: the same fields have the same one
    versions: Mapped[list[int]] = mapped_column(Json)  # ids of FieldVersion
    changed: Mapped[list[str]] = mapped_column(Json, default=list)  # the ids of fields that it changed
    reason: Mapped[str] = mapped_column(String(500), default="")
    undoes: Mapped[int | None]  # the set that it took back
    account_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    account: Mapped[Account | None] = relationship()


class FieldProposal(Model):
    """A change of one field that somebody looks at before it is published or discarded."""

    __tablename__ = "field_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    field_id: Mapped[str] = mapped_column(String(32), index=True)
    seen: Mapped[int] = mapped_column(default=0)  # the number of the field's version that it was written over
    owner: Mapped[str] = mapped_column(String(60))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    account: Mapped[Account | None] = relationship()


class Misfit(Model):
    """A value that its field did not take, kept as it came until somebody works it off. It never stopped its row."""

    __tablename__ = "misfit"
    __table_args__ = (Index(None, "owner", "row_id"), Index(None, "field_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int]
    field_id: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)  # the value as it came
    why: Mapped[str] = mapped_column(String(32))  # fields.refusals.Why
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class FieldValue(Model):
    """One of several values of a field that can be filtered by: no index of JSON finds them (docs/fields.md)."""

    __tablename__ = "field_value"
    __table_args__ = (Index(None, "row_id", "field_id"),)

    field_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(64), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class FieldMove(Model):
    """How far values have followed a change of their field (app/desk/field_moves.py), and what became of them."""

    __tablename__ = "field_move"
    __table_args__ = (UniqueConstraint("field_id", "what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    field_id: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(80))  # kind, removal, or the key of a merged option
    last_id: Mapped[int]  # of the rows that were looked at
    moved: Mapped[int]
    misfits: Mapped[int]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FieldIndex(Model):
    """How far the index of a field that can be filtered by is. A filter is offered once it is ready."""

    __tablename__ = "field_index"

    field_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))  # building, ready, failed
    spelled: Mapped[str] = mapped_column(Text, default="")  # what it lists; another kind needs another index
    said: Mapped[str] = mapped_column(Text, default="")  # why it failed
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
