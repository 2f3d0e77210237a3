"""How people come to have accounts: invitations, the links of their letters, and what is asked at public doors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.organisation import Sharing
from app.models.types import Json, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.account import Account
    from app.models.event import Letter
    from app.models.organisation import Organisation


class InvitationState(StrEnum):
    """What became of an invitation. That it expired, or that its account was deactivated since, is told by others."""

    WAITING = "waiting"  # somebody registered; the desk has to approve
    INVITED = "invited"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class Invitation(Model):
    """Somebody is to have an account, or a place in an organisation. Without `invited_by` he registered himself."""

    __tablename__ = "invitation"
    __table_args__ = (Index(None, "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    sharing: Mapped[str] = mapped_column(String(16), default=Sharing.ORGANISATION)
    product_groups: Mapped[list[int] | None] = mapped_column(Json)  # which ones, where chosen ones are to be shared
    name: Mapped[str] = mapped_column(String(130), default="")  # as the inviter knows him
    state: Mapped[str] = mapped_column(String(16), default=InvitationState.INVITED)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"), index=True)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(foreign_keys=account_id)
    organisation: Mapped[Organisation | None] = relationship()
    invited_by: Mapped[Account | None] = relationship(foreign_keys=invited_by_id)
    settled_by: Mapped[Account | None] = relationship(foreign_keys=settled_by_id)

    @property
    def is_open(self) -> bool:
        return self.state == InvitationState.INVITED


class Purpose(StrEnum):
    """What the link of a letter opens."""

    ACTIVATION = "activation"
    RESET = "reset"
    TICKET = "ticket"  # what its reader may do with the letter's ticket


class AccountLink(Model):
    """A link in a letter. Only its hash is kept, so neither table nor backup lets anybody rebuild it."""

    __tablename__ = "account_link"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "account_id", "purpose"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(16))
    email: Mapped[str] = mapped_column(String(320))  # the address that it was sent to: it proves no other
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    account: Mapped[Account] = relationship()
    invitation: Mapped[Invitation | None] = relationship()
    letter: Mapped[Letter | None] = relationship()


class Wish(StrEnum):
    """What somebody asks for at a public door."""

    REGISTRATION = "registration"
    PASSWORD_RESET = "password_reset"  # noqa: S105 a name


class LetterRequest(Model):
    """Somebody asked at a public page for a letter to an address. What follows is decided away from the request."""

    __tablename__ = "letter_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    wish: Mapped[str] = mapped_column(String(16))
    email: Mapped[str] = mapped_column(String(320))
    locale: Mapped[str] = mapped_column(String(8))
    address: Mapped[str | None] = mapped_column(String(64))  # of the network
    outcome: Mapped[str | None] = mapped_column(String(24))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
