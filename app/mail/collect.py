"""Letters are fetched from other servers: each mailbox by a thread of its own, so that none waits for another.

The journal's row and the cursor are committed together, so a letter is kept once, wherever a crash falls and however
many processes read the same mailbox. Light: no Flask.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import SQLAlchemyError

import config
from app.mail.delivered import envelope_of
from app.mail.receive import Receiver
from app.mail.trouble import Trouble, Troubled
from app.mail.ways import WAYS, Account, Found, WayIn, account_of, open_way
from app.models.tables import mail_connection as table
from app.models.tables import mailbox
from app.models.types import utc_now

log = logging.getLogger(__name__)

LOOK_SECONDS = 10.0  # so soon a changed setting is followed
POLL_SECONDS = 60.0  # the longest that a mailbox is not asked, whatever its server promises
FIRST_REST, LONGEST_REST = 5.0, 600.0  # seconds after a failure, doubled with each
STOP_SECONDS = 3.0
SKEW = timedelta(minutes=10)  # so far a server's clock may be behind ours


class Overtaken(Exception):
    """Another process read on, or somebody changed the settings: what is known of the mailbox is old."""


class Collector:
    """Keeps a reader for each active account."""

    def __init__(self, receiver: Receiver, settings: config.Settings) -> None:
        self.receiver, self.settings = receiver, settings
        self.stopping = threading.Event()
        self.readers: dict[Account, Reader] = {}
        self.thread = threading.Thread(target=self._run, name="collector", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """What is half done stays undone; no thread keeps the process from ending."""
        self.stopping.set()
        until = time.monotonic() + STOP_SECONDS
        readers = list(self.readers.values())
        for reader in readers:
            reader.stopping.set()
        for thread in (self.thread, *readers):
            thread.join(max(until - time.monotonic(), 0.0))

    def look(self) -> None:
        """Follow the settings: a changed account is read anew, one that is gone no more."""
        wanted = set(self._accounts())
        for account in self.readers.keys() - wanted:
            self.readers.pop(account).stopping.set()
        for account in wanted:
            reader = self.readers.get(account)
            if reader is None or not reader.is_alive():
                self.readers[account] = Reader(account, self.receiver, self.settings)
                self.readers[account].start()

    def _run(self) -> None:
        while not self.stopping.is_set():
            try:
                self.look()
            except SQLAlchemyError as error:
                log.warning("The mailboxes to be read could not be looked up: %s", error)
            self.stopping.wait(LOOK_SECONDS)

    def _accounts(self) -> list[Account]:
        query = (
            select(table, mailbox.c.address)
            .join(mailbox, table.c.mailbox_id == mailbox.c.id)
            .where(table.c.direction == "in", table.c.active, mailbox.c.active, table.c.way.in_(WAYS))
        )
        with self.receiver.engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [account_of(row, limit=self.settings.letter_limit) for row in rows]


def start(settings: config.Settings) -> Callable[[], None]:
    """Read the mailboxes of other servers; the answer stops it."""
    receiver = Receiver(settings)
    collector = Collector(receiver, settings)
    collector.start()

    def stop() -> None:
        collector.stop()
        receiver.close()

    return stop


class Reader(threading.Thread):
    """Reads one mailbox until told to stop, and writes down how it goes."""

    def __init__(self, account: Account, receiver: Receiver, settings: config.Settings) -> None:
        super().__init__(name=f"reader of {account.address}", daemon=True)
        self.account, self.receiver, self.key = account, receiver, settings.secret_key
        self.stopping = threading.Event()
        self.failures = 0

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._read_on()
            except Overtaken:
                self.stopping.wait(FIRST_REST)
            except Exception as error:  # This mailbox's edge: it tries again, and the others do not notice.
                self._rest(error)

    def read_once(self, way: WayIn) -> int:
        """All that is new; answers how many letters were kept. Raises Troubled, Overtaken."""
        cursor, since = self._position()
        if since is None:
            cursor = None if self.account.takes_old else way.beginning()
            self._keep(None, None, cursor, began=True)
        kept = 0
        for found in way.letters(cursor, None if self.account.takes_old else since):
            if self.stopping.is_set():
                break
            kept += self._keep(found, cursor, found.cursor)
            cursor = found.cursor
        if cursor is not None:
            way.tidy(cursor)
        return kept

    def _read_on(self) -> None:
        """One connection, from its opening until it fails."""
        way = open_way(self.account, self.key)
        try:
            while not self.stopping.is_set():
                try:
                    self.read_once(way)
                    self._note(read_at=utc_now(), trouble=None, said=None, troubled_at=None)
                except Troubled as error:
                    if error.trouble != Trouble.MOVE:
                        raise
                    self._tell(error, read_at=utc_now())  # the letters are taken: the next must not wait
                self.failures = 0
                way.wait(self.stopping, POLL_SECONDS)
        finally:
            way.close()

    def _own(self) -> tuple[ColumnElement[bool], ...]:
        """The account's row, while its settings are those that this reader goes by."""
        return table.c.id == self.account.id, table.c.revision == self.account.revision

    def _position(self) -> tuple[str | None, datetime | None]:
        query = select(table.c.cursor, table.c.began_at).where(*self._own())
        with self.receiver.engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise Overtaken
        return row.cursor, row.began_at and row.began_at - SKEW

    def _keep(self, found: Found | None, old: str | None, new: str | None, *, began: bool = False) -> bool:
        """Keep the letter, if there is one, and go on from `old` to `new`; answers whether it was kept."""
        raw = found.raw if found else None
        move = update(table).where(*self._own(), table.c.cursor.is_not_distinct_from(old))
        move = move.values(cursor=new, began_at=utc_now()) if began else move.values(cursor=new)
        try:
            sha256 = None if raw is None else self.receiver.files.put(raw)
            with self.receiver.engine.begin() as connection:
                if connection.execute(move).rowcount != 1:
                    raise Overtaken
                if raw is None or sha256 is None or found is None:
                    return False
                envelope = envelope_of(raw, self.account)
                return self.receiver.keep_fetched(
                    connection, self.account.mailbox_id, envelope, sha256, len(raw), is_whole=found.is_whole
                )
        except (OSError, SQLAlchemyError) as error:
            raise Troubled(Trouble.KEEPING, error) from error
        finally:
            if raw is not None:
                self.receiver.wake()

    def _rest(self, error: Exception) -> None:
        """Write the trouble down and wait, longer each time. A connection that had worked is opened again at once."""
        troubled = error if isinstance(error, Troubled) else Troubled(Trouble.ANSWER, type(error).__name__)
        if not isinstance(error, Troubled):
            log.exception("Reading %s failed", self.account.address)
        rest = max(min(FIRST_REST * 2**self.failures, LONGEST_REST), troubled.rest or 0.0)
        self.failures += 1
        if self.failures > 1 or troubled.trouble != Trouble.REACH:
            self._tell(troubled)
        self.stopping.wait(rest)

    def _tell(self, troubled: Troubled, **more: object) -> None:
        since = func.coalesce(table.c.troubled_at, utc_now())
        log.warning("Mailbox %s: %s", self.account.address, troubled)
        self._note(trouble=troubled.trouble, said=troubled.said, troubled_at=since, **more)

    def _note(self, **values: object) -> None:
        try:
            with self.receiver.engine.begin() as connection:
                connection.execute(update(table).where(*self._own()).values(**values))
        except SQLAlchemyError as error:
            log.warning("How reading %s went could not be written down: %s", self.account.address, error)
