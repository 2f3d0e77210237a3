"""The audit log: who did what, when and from where. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import Connection, Index, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.models.base import Model
from app.models.types import Json, UtcDateTime, utc_now


class AppendOnly(RuntimeError):
    """Somebody tried to change what happened."""


class AuditEntry(Model):
    """One act. The database refuses to change or remove a row (migrations/versions/0007_audit.py).

    It points to no other row, since it must outlive all that it tells of.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "kind", "id"),
        Index(None, "who", "id"),
        Index(None, "address", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
    kind: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int | None]
    who: Mapped[str] = mapped_column(String(320), default="")  # the address of the account then, or what was typed
    about: Mapped[str] = mapped_column(String(320), default="")
    address: Mapped[str | None] = mapped_column(String(64))  # of the network
    via: Mapped[str] = mapped_column(String(16), default="")  # browser, token, key
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


def _refuse(_mapper: Mapper[AuditEntry], _connection: Connection, _entry: AuditEntry) -> NoReturn:
    raise AppendOnly("The audit log is only ever added to.")


event.listen(AuditEntry, "before_update", _refuse)
event.listen(AuditEntry, "before_delete", _refuse)
