"""Journal first: a letter's bytes and its row are durable before anybody says that it was taken. Light: no Flask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from redis import Redis
from sqlalchemy import Connection, Engine, insert, select

import config
from app.events.wake import INTAKE, wake
from app.files.store import FileStore
from app.models.engine import make_engine
from app.models.tables import journal, mailbox
from app.models.types import utc_now

LONGEST = 998
TOO_LARGE = "too_large"  # a reason, see reasons.py
OVER_LIMIT = "over_limit"  # another
HEAD = 2**16  # bytes that are kept of a letter that was refused for its size
TRIED_AGAIN = timedelta(days=5)  # so long a server may try to hand over a letter (RFC 5321 section 4.5.4.1)


def base_address(recipient: str) -> str:
    """The mailbox that an address belongs to: in lower case, without its plus part (RFC 5233)."""
    local, _, host = plain(recipient).strip().strip("<>").lower().rpartition("@")
    return f"{local.partition('+')[0]}@{host}"


def plain(text: str) -> str:
    """Text of a transport as a database keeps it: bytes that were no text are marked as such."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\x00", "\ufffd")[:LONGEST]


@dataclass(frozen=True)
class Envelope:
    """What the transport knows of a letter, beside its bytes (RFC 5321)."""

    recipients: tuple[str, ...]
    transport: str  # smtp, lmtp, pipe, api, or the way by which it was fetched
    sender: str | None = None  # MAIL FROM; empty for the null path
    peer: str | None = None


def _row(mailbox_id: int | None, recipient: str, envelope: Envelope, sha256: str, size: int) -> dict[str, object]:
    return {
        "mailbox_id": mailbox_id,
        "recipient": plain(recipient),
        "transport": envelope.transport,
        "envelope_from": None if envelope.sender is None else plain(envelope.sender),
        "peer": envelope.peer and envelope.peer[:200],
        "sha256": sha256,
        "size": size,
    }


class Receiver:
    """Keeps letters for the worker. Safe to use from several threads."""

    def __init__(self, settings: config.Settings) -> None:
        self.engine: Engine = make_engine(settings.database_url, patient=True)
        self.files = FileStore(settings.data / "files")
        self.redis = Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2)

    def mailbox_of(self, recipient: str) -> int | None:
        """The active mailbox that takes letters for this address."""
        query = select(mailbox.c.id).where(mailbox.c.address == base_address(recipient), mailbox.c.active)
        with self.engine.connect() as connection:
            return connection.scalar(query)

    def keep(self, raw: bytes, envelope: Envelope) -> list[int]:
        """Write the letter and one journal row a mailbox, durably, and wake the worker; answers the rows' ids.

        Raises OSError or SQLAlchemyError when it could not be kept. A recipient that is no mailbox of ours
        gets a row without a mailbox, which ends as "not sure".
        """
        sha256 = self.files.put(raw)
        rows = [
            _row(mailbox_id, recipient, envelope, sha256, len(raw))
            for mailbox_id, recipient in self._deliveries(envelope.recipients)
        ]
        with self.engine.begin() as connection:
            ids = [connection.scalar(insert(journal).values(**row).returning(journal.c.id)) for row in rows]
        self.wake()
        return [row_id for row_id in ids if row_id is not None]

    def keep_refused(self, head: bytes, envelope: Envelope) -> None:
        """Write that a letter was refused for its size, with its beginning, durably and before its sender is told.

        One row a mailbox, which is settled: "rejected". A server that tries again within five days adds none.
        Without recipients, as before they were named, the row belongs to no mailbox. Raises as `keep` does.
        """
        head = head[:HEAD]
        sha256, now = self.files.put(head), utc_now()
        from app.mail import parse  # Only now: it brings Flask, which a process that receives does without.

        said = parse.head(head)
        sender = said.sender.address if said.sender else plain(envelope.sender or "")
        end = {"outcome": "rejected", "reason": OVER_LIMIT, "settled_at": now}
        end |= {"sender": sender[:320] or None, "subject": said.subject or None}
        for mailbox_id, recipient in self._deliveries(envelope.recipients or ("",)):
            row = _row(mailbox_id, recipient, envelope, sha256, len(head)) | end
            same = [journal.c[name] == row[name] for name in ("sha256", "mailbox_id", "envelope_from", "reason")]
            known = select(journal.c.id).where(*same, journal.c.arrived_at > now - TRIED_AGAIN)
            with self.engine.begin() as connection:
                if connection.scalar(known.limit(1)) is None:
                    connection.execute(insert(journal).values(**row))

    def keep_fetched(
        self,
        connection: Connection,
        mailbox_id: int,
        envelope: Envelope,
        sha256: str,
        size: int,
        *,
        is_whole: bool,
    ) -> bool:
        """Within the caller's transaction, one row for a letter whose file is kept; answers whether it is new.

        The very same bytes in the same mailbox are the same letter: servers number their letters anew, and a crash may
        fall before the letter's new place is known. Of a letter over the limit only the beginning is there: its reason
        says so to whoever reads it.
        """
        known = select(journal.c.id).where(journal.c.sha256 == sha256, journal.c.mailbox_id == mailbox_id)
        if connection.scalar(known.limit(1)) is not None:
            return False
        row = _row(mailbox_id, envelope.recipients[0], envelope, sha256, size)
        if not is_whole:
            row |= {"reason": TOO_LARGE}
        connection.execute(insert(journal).values(**row))
        return True

    def wake(self) -> None:
        """A hint to the worker; the sweeper finds what it misses."""
        wake(self.redis, (INTAKE,))

    def close(self) -> None:
        self.engine.dispose()
        self.redis.close()

    def _deliveries(self, recipients: Iterable[str]) -> list[tuple[int | None, str]]:
        """One delivery a mailbox; of several addresses of one mailbox the one with most in its plus part."""
        best: dict[tuple[int | None, str], str] = {}
        for recipient in sorted(recipients, key=len):
            best[self.mailbox_of(recipient), base_address(recipient)] = recipient
        return [(mailbox_id, recipient) for (mailbox_id, _), recipient in best.items()]
