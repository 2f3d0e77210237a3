"""Companies that are served, and who belongs to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import Json, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.account import Account
    from app.models.product_group import CalendarRecord


class Sharing(StrEnum):
    """What a member sees of the organisation's tickets."""

    OWN = "own"
    GROUPS = "groups"  # those of chosen product groups
    ORGANISATION = "organisation"
    MANAGER = "manager"  # all, and whoever belongs to it


class Organisation(Model):
    """A customer company."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))  # its own hours, if agreed
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")  # by field id
    fields_set: Mapped[int | None]  # the published set that they were saved under
    calendar: Mapped[CalendarRecord | None] = relationship()
    domains: Mapped[list[OrganisationDomain]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", passive_deletes=True
    )
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", passive_deletes=True
    )

    def __str__(self) -> str:
        return self.name


class OrganisationDomain(Model):
    """A mail domain whose new accounts belong to the organisation: matched exactly, never by suffix."""

    __tablename__ = "organisation_domain"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    domain: Mapped[str] = mapped_column(String(255), unique=True)
    organisation: Mapped[Organisation] = relationship(back_populates="domains")

    def __str__(self) -> str:
        return self.domain


class Membership(Model):
    """An account's place in an organisation."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    sharing: Mapped[str] = mapped_column(String(16), default=Sharing.ORGANISATION)
    account: Mapped[Account] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")
    groups: Mapped[list[MembershipGroup]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class MembershipGroup(Model):
    """A product group whose tickets of the organisation a member sees, where its sharing is that of chosen ones."""

    __tablename__ = "membership_group"
    __table_args__ = (UniqueConstraint("membership_id", "product_group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    product_group_id: Mapped[int] = mapped_column(ForeignKey("product_group.id", ondelete="CASCADE"), index=True)


class Departure(Model):
    """An account belonged to the organisation once: what it reported for it then is the organisation's."""

    __tablename__ = "departure"
    __table_args__ = (UniqueConstraint("account_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    left_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
