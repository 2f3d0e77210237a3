"""The one interface of the ways by which letters are fetched from other servers. Light: no Flask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from sqlalchemy import RowMapping

from app.mail.receive import HEAD

# Loaded when a mailbox needs it: the light process stays light.
WAYS = {"imap": "app.mail.imap", "pop3": "app.mail.pop3", "graph": "app.mail.graph"}
WAYS_OUT = {"smtp": "app.mail.smtp", "graph": "app.mail.graph"}
Step = tuple[str, Callable[[], str]]  # its code, and what takes it and answers what was seen


@dataclass(frozen=True)
class Account:
    """A mailbox's account on a server, as its row says."""

    id: int
    mailbox_id: int
    address: str
    way: str
    host: str
    port: int
    security: str
    username: str
    secret: str | None = field(repr=False)  # sealed
    folder: str
    move_to: str
    takes_old: bool
    limit: int  # bytes of a letter that are fetched
    signs_in: str = "password"  # or oauth: as an application of a Microsoft 365 tenant; or user: as one who consented
    authority: str = ""  # the tenant, or the whole address of what gives tokens
    client_id: str = ""
    revision: int = 0  # of the settings

    @property
    def by_token(self) -> bool:
        """Whether Microsoft 365 gives the token that lets us in."""
        return self.signs_in in ("oauth", "user")

    @property
    def head(self) -> int:
        """Bytes that are kept of a letter over the limit."""
        return min(self.limit, HEAD)


@dataclass(frozen=True)
class Found:
    """A letter on the server. Without bytes there is nothing to keep, and the cursor only goes on."""

    raw: bytes | None
    cursor: str  # once the letter is kept
    is_whole: bool = True  # or only its beginning, because it is larger than the limit


class WayIn(Protocol):
    """An opened account. Every method raises Troubled."""

    def beginning(self) -> str:
        """The cursor behind what is there now."""

    def letters(self, cursor: str | None, since: datetime | None) -> Iterator[Found]:
        """What lies behind the cursor, the oldest first; none is all. Where the server numbers its letters anew,
        those that came before `since` are passed over."""

    def tidy(self, cursor: str) -> None:
        """All up to the cursor is kept in the journal for good: leave the server as the settings wish."""

    def wait(self, stopping: threading.Event, seconds: float) -> None:
        """Until something may be new, at most so long. It may end early without reason."""

    def close(self) -> None:
        """Never raises."""

    def steps(self) -> Iterator[Step]:
        """All that opening the account takes, one by one, for a connection test."""


def account_of(row: RowMapping, *, limit: int) -> Account:
    """The account that a row of mail_connection describes, with the address of its mailbox."""
    return Account(**{name: row[name] for name in Account.__dataclass_fields__ if name != "limit"}, limit=limit)


def closed_way(account: Account, key: str) -> Any:
    """The account's way, not connected yet: for its steps."""
    return import_module((WAYS | WAYS_OUT)[account.way]).way(account, key)


def open_way(account: Account, key: str) -> WayIn:
    """Connected, signed in, its folder open. Raises Troubled."""
    way: WayIn = closed_way(account, key)
    try:
        way.open()  # type: ignore[attr-defined]
    except BaseException:
        way.close()
        raise
    return way
