"""Anyone who signs in or writes to the desk: one table for Flask-AppBuilder and Flask-Security."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flask_appbuilder.security.sqla.models import User as FabUser
from flask_appbuilder.security.sqla.models import assoc_user_role
from flask_security import AsaList, UserMixin, WebAuthnMixin
from sqlalchemy import ForeignKey, LargeBinary, Select, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, aliased, contains_eager, mapped_column, relationship, validates
from sqlalchemy.orm.strategy_options import _AbstractLoad

from app.models.base import Model
from app.models.role import Role, new_stamp
from app.models.telephone_number import number_key
from app.models.types import Json, JsonOrNull, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.organisation import Membership
    from app.models.product_group import Assignment


__all__ = ["Account", "AccountSession", "Role", "WebAuthn", "with_roles"]

NOWHERE = "@telephone.invalid"  # stands for the address of who has only called; .invalid takes no letters (RFC 2606)


Chosen = TypeVar("Chosen", bound=Select[*tuple[Any, ...]])

AsaList.cache_ok = True  # Flask-Security does not say so; it has no state.


class Account(UserMixin, FabUser):  # Flask-Security's mixin first: its get_id and is_active win.
    """An account. Without a password it is a mail-only customer's."""

    __tablename__ = "ab_user"
    __table_args__ = {"extend_existing": True}

    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=new_stamp)
    fs_token_uniquifier: Mapped[str | None] = mapped_column(String(64), unique=True, default=new_stamp)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True, default=new_stamp)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_phone_number: Mapped[str | None] = mapped_column(String(128))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    locale: Mapped[str | None] = mapped_column(String(8))
    timezone: Mapped[str | None] = mapped_column(String(64))
    theme: Mapped[str | None] = mapped_column(String(8))  # light or dark; none follows the device
    mutes: Mapped[list[str] | None] = mapped_column(JsonOrNull)  # what the person does not want to hear of
    workspace: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNull)  # how the person likes the desk
    telephone: Mapped[str | None] = mapped_column(String(64))
    telephone_key: Mapped[str | None] = mapped_column(String(16), index=True)  # by which a caller is found
    bounced: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNull)  # why letters to it come back, and how often
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # by field id
    fields_set: Mapped[int | None]  # the published set that they were saved under
    webauthn: Mapped[list[WebAuthn]] = relationship(back_populates="user", cascade="all, delete")
    memberships: Mapped[list[Membership]] = relationship(back_populates="account", passive_deletes=True)
    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="account", order_by="Assignment.product_group_id", passive_deletes=True
    )

    @property
    def name(self) -> str:
        """First and last name, or the address while nobody told us a name."""
        return f"{self.first_name or ''} {self.last_name or ''}".strip() or self.email

    @validates("telephone")
    def _keep_key(self, _name: str, number: str | None) -> str | None:
        self.telephone_key = number_key(number)
        return number

    @property
    def has_address(self) -> bool:
        """Whether letters can reach the person. Somebody who has only called may have given no address."""
        return not self.email.endswith(NOWHERE)

    @property
    def role_kinds(self) -> frozenset[str]:
        """Of which kinds its roles are: rows are shown by them, whatever the roles are called."""
        return frozenset(role.kind for role in self.roles)

    @property
    def is_registered(self) -> bool:
        """Whether the person has set a password; a mail-only customer has none."""
        return bool(self.password) and self.confirmed_at is not None

    @property
    def has_second_factor(self) -> bool:
        """Whether a password alone does not sign this person in."""
        return bool(self.tf_primary_method) or any(each.usage == "secondary" for each in self.webauthn)

    def end_tokens(self) -> None:
        """No token (JWT) that was given before is good from now on."""
        self.fs_token_uniquifier = new_stamp()

    def __str__(self) -> str:
        return self.name


class WebAuthn(Model, WebAuthnMixin):
    """A passkey (W3C Web Authentication)."""

    __tablename__ = "webauthn"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True, index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool] = mapped_column(default=False)
    device_type: Mapped[str] = mapped_column(String(64), default="")
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    lastuse_datetime: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    user: Mapped[Account] = relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, str]:
        """How Flask-Security finds the owner of a credential."""
        return {"fs_uniquifier": self.user.fs_uniquifier}


class AccountSession(Model):
    """A signed-in browser. Its cookie carries the token; only the token's hash is kept."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(400))
    viewing_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))  # as whom it looks
    account: Mapped[Account] = relationship(foreign_keys=account_id)
    viewing: Mapped[Account | None] = relationship(foreign_keys=viewing_id)


def with_roles(query: Chosen, account: type[Account] = Account, at: _AbstractLoad | None = None) -> Chosen:
    """The query of an account, or of a row that leads to one by `at`, with its roles in the same statement.

    The joins are flat: of those that `joinedload` nests, SQLite makes a table of all roles of all accounts first.
    """
    link, role = assoc_user_role.alias(), aliased(Role)
    query = query.outerjoin(link, link.c.user_id == account.id).outerjoin(role, role.id == link.c.role_id)
    roles = contains_eager(account.roles.of_type(role))
    return query.options(at.options(roles) if at else roles)
