"""Journal first: a letter's bytes and its row are durable before anybody says that it was taken. Light: no Flask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from redis import Redis
from sqlalchemy import Engine, insert, select

import config
from app.events.wake import INTAKE, wake
from app.files.store import FileStore
from app.models.engine import make_engine
from app.models.tables import journal, mailbox

LONGEST = 998


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
    transport: str  # smtp, pipe
    sender: str | None = None  # MAIL FROM; empty for the null path
    peer: str | None = None


class Receiver:
    """Keeps letters for the worker. Safe to use from several threads."""

    def __init__(self, settings: config.Settings) -> None:
        self.engine: Engine = make_engine(settings.database_url)
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
            {
                "mailbox_id": mailbox_id,
                "recipient": plain(recipient),
                "transport": envelope.transport,
                "envelope_from": None if envelope.sender is None else plain(envelope.sender),
                "peer": envelope.peer,
                "sha256": sha256,
                "size": len(raw),
            }
            for mailbox_id, recipient in self._deliveries(envelope.recipients)
        ]
        with self.engine.begin() as connection:
            ids = [connection.scalar(insert(journal).values(**row).returning(journal.c.id)) for row in rows]
        wake(self.redis, (INTAKE,))
        return [row_id for row_id in ids if row_id is not None]

    def close(self) -> None:
        self.engine.dispose()
        self.redis.close()

    def _deliveries(self, recipients: Iterable[str]) -> list[tuple[int | None, str]]:
        """One delivery a mailbox; of several addresses of one mailbox the one with most in its plus part."""
        best: dict[tuple[int | None, str], str] = {}
        for recipient in sorted(recipients, key=len):
            best[self.mailbox_of(recipient), base_address(recipient)] = recipient
        return [(mailbox_id, recipient) for (mailbox_id, _), recipient in best.items()]
