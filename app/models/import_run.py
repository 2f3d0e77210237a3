"""Files whose rows are put into the desk's own: what was asked, how far it is, and what did not fit."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model
from app.models.types import Json, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.models.account import Account


class ImportState(StrEnum):
    """How far it is."""

    NEW = "new"  # nothing was read but its head
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class ImportRun(Model):
    """One file. The figures are of the check until it is carried out, then of what was done."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(60))  # organisation, account, ticket or entry:<content type>
    name: Mapped[str] = mapped_column(String(200))  # of the file
    sha256: Mapped[str] = mapped_column(String(64))
    head: Mapped[list[str]] = mapped_column(Json)
    known_by: Mapped[str] = mapped_column(String(80), default="")  # the column by which a row is found
    state: Mapped[str] = mapped_column(String(16), default=ImportState.NEW, index=True)
    rows: Mapped[int] = mapped_column(default=0)
    at: Mapped[int] = mapped_column(default=0)  # how many rows were read
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # row, column, text, why; the first ones
    language: Mapped[str] = mapped_column(String(8), default="pl", server_default="pl")  # in which `why` is told
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship()
