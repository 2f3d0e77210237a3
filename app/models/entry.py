"""What the desk writes for readers: articles, notices, pages, and types that administrators make."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.named import Named
from app.models.types import Json, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.account import Account
    from app.models.delivered import Delivered
    from app.models.organisation import Organisation
    from app.models.product_group import ProductGroup

entry_group = Table(
    "entry_group",
    Model.metadata,
    Column("entry_id", ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True),
    Column("product_group_id", ForeignKey("product_group.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "product_group_id", "entry_id"),
)
entry_organisation = Table(
    "entry_organisation",
    Model.metadata,
    Column("entry_id", ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "organisation_id", "entry_id"),
)


FILES = "/content/files/"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})  # what a browser may show in place
WRITERS = ("consultant", "translator")  # kinds of roles that may write beside editors and administrators


class ContentType(Named, Model):
    """A kind of entries. `article`, `notice` and `page` are built in; its code is its name for programs.

    Its switches offer or hide; what was written before they were turned stays as it is.
    """

    __tablename__ = "content_type"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    built_in: Mapped[bool] = mapped_column(default=False)
    visibility: Mapped[str] = mapped_column(String(16), default="everyone")  # what a new entry begins with
    translated: Mapped[bool] = mapped_column(default=True)  # may be written in further languages
    reviewed: Mapped[bool] = mapped_column(default=False)  # somebody else reads before it is published
    versioned: Mapped[bool] = mapped_column(default=True)  # earlier versions are shown
    writers: Mapped[list[str]] = mapped_column(Json, default=lambda: list(WRITERS))


def fields_owner(type_code: str) -> str:
    """Whose fields the texts of a type have."""
    return f"entry:{type_code}"


class Visibility(StrEnum):
    """Who may read what is published of an entry."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed_in"
    ORGANISATIONS = "organisations"  # those of `Entry.organisations`
    CONSULTANTS = "consultants"


class TextState(StrEnum):
    """How far the newest words of a language are. What is published stays up beside all but the last of them."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Entry(Model):
    """One thing told, in one language or several."""

    __tablename__ = "entry"
    __table_args__ = (Index(None, "changed_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    type_code: Mapped[str] = mapped_column(ForeignKey("content_type.code"), index=True)
    source_language: Mapped[str] = mapped_column(String(8))  # the others are translated from it
    visibility: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)  # any text of it, or what it says of it
    binned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="SET NULL"), index=True)

    type: Mapped[ContentType] = relationship()
    created_by: Mapped[Account | None] = relationship(foreign_keys=[created_by_id])
    groups: Mapped[list[ProductGroup]] = relationship(secondary=entry_group)
    organisations: Mapped[list[Organisation]] = relationship(secondary=entry_organisation)
    tags: Mapped[list[EntryTag]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    variants: Mapped[list[Variant]] = relationship(
        back_populates="entry", cascade="all, delete-orphan", passive_deletes=True
    )

    def variant(self, language: str) -> Variant | None:
        """The entry in that language, where it has been written."""
        return next((each for each in self.variants if each.language == language), None)

    @property
    def source(self) -> Variant:
        """The variant that the others are translated from."""
        return next(each for each in self.variants if each.language == self.source_language)


class EntryTag(Model):
    """A word by which entries belong together."""

    __tablename__ = "entry_tag"
    __table_args__ = (Index(None, "name", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)


class Variant(Model):
    """An entry in one language: its newest words, which nobody reads before they are published."""

    __tablename__ = "variant"
    __table_args__ = (UniqueConstraint("entry_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16), default=TextState.DRAFT)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")  # Markdown
    slug: Mapped[str] = mapped_column(String(120))
    source_version: Mapped[int | None]  # the source's version that it was translated from
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    publish_version: Mapped[int | None]  # which version then; later words wait for an act of their own
    withdraw_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")  # by field id
    fields_set: Mapped[int | None]  # the published set that they were saved under

    entry: Mapped[Entry] = relationship(back_populates="variants")
    published: Mapped[PublishedText | None] = relationship(
        back_populates="variant", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_out_of_date(self) -> bool:
        """Whether the source has changed since this was translated from it."""
        return self.source_version is not None and self.source_version < self.entry.source.version


class PublishedText(Model):
    """What readers get of a variant: a version as it was published, until it is withdrawn."""

    __tablename__ = "published_text"

    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(String(120))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)  # this version
    first_published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")  # by field id
    fields_set: Mapped[int | None]  # the published set that they were saved under

    variant: Mapped[Variant] = relationship(back_populates="published")
    delivered: Mapped[Delivered | None] = relationship(
        back_populates="text", cascade="all, delete-orphan", passive_deletes=True
    )


class EntryAddress(Model):
    """An address that a variant has, or once had: it leads to where the variant is now, and to no other ever."""

    __tablename__ = "entry_address"
    __table_args__ = (UniqueConstraint("type_code", "language", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    type_code: Mapped[str] = mapped_column(ForeignKey("content_type.code"))
    language: Mapped[str] = mapped_column(String(8))
    slug: Mapped[str] = mapped_column(String(120))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"), index=True)
    kept: Mapped[bool] = mapped_column(default=False)  # else it is given up with the draft that named it


class EntryFile(Model):
    """A picture or file that texts of an entry name by its address. Never changed, so a version keeps its files."""

    __tablename__ = "entry_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    content_type: Mapped[str] = mapped_column(String(160))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    entry: Mapped[Entry] = relationship()

    @property
    def address(self) -> str:
        """Where it is found in the portal; texts name it so."""
        return f"{FILES}{self.id}/{quote(self.name)}"

    @property
    def is_picture(self) -> bool:
        return self.content_type in PICTURES


class EntryPreview(Model):
    """A private address of a text's newest words, good for a time. Only the hash of its token is kept."""

    __tablename__ = "entry_preview"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    variant: Mapped[Variant] = relationship()


class MessageEntry(Model):
    """A message of a ticket that names an entry."""

    __tablename__ = "message_entry"
    __table_args__ = (Index(None, "entry_id", "message_id"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
