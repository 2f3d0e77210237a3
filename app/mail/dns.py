"""Questions to DNS that never hold up the intake: short ones, whose answers are kept; a silent DNS has its peace."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, YXDOMAIN, LRUCache, NoAnswer
from dns.resolver import Resolver as Stub

log = logging.getLogger(__name__)

QUESTION_SECONDS = 1.5
RESERVED = ("example", "invalid", "localhost", "local", "onion", "test", "internal")  # RFC 2606, RFC 6761, RFC 6762
SILENT_AFTER = 3  # questions without an answer
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 600.0  # seconds


class Unanswered(Exception):
    """DNS did not answer in time; it may later."""


class Resolver(Protocol):
    def ask(self, name: str, kind: str, seconds: float) -> Sequence[Any]:
        """The records of a name: bytes of TXT, text of A, AAAA and PTR, (preference, host) of MX; none where there is
        no such name. Raises Unanswered."""


class Silence:
    """Asks nobody: for a desk that has no DNS."""

    def ask(self, name: str, kind: str, seconds: float) -> Sequence[Any]:
        raise Unanswered(f"{name} {kind}: this desk asks no DNS")


class Dns:
    """The resolvers of this host. After a few questions without an answer it asks none for a while."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, stub: Stub | None = None) -> None:
        self.clock = clock
        self.stub = stub
        self.unanswered = 0
        self.pause = FIRST_PAUSE
        self.quiet_until = 0.0

    def ask(self, name: str, kind: str, seconds: float) -> Sequence[Any]:
        if name.rstrip(".").rpartition(".")[2].lower() in RESERVED:
            return []
        if self.clock() < self.quiet_until:
            raise Unanswered(f"{name} {kind}: DNS was silent a moment ago")
        try:
            answer = self._stub().resolve(name, kind, lifetime=min(seconds, QUESTION_SECONDS), search=False)
        except (NXDOMAIN, NoAnswer, YXDOMAIN):
            self._heard()
            return []
        except (DNSException, OSError, ValueError) as error:
            self._not_heard()
            raise Unanswered(f"{name} {kind}: {error}") from error
        self._heard()
        return [_plain(record, kind) for record in answer]

    def _stub(self) -> Stub:
        if self.stub is None:
            self.stub = Stub()
            self.stub.cache = LRUCache(2000)
        return self.stub

    def _heard(self) -> None:
        self.unanswered, self.pause = 0, FIRST_PAUSE

    def _not_heard(self) -> None:
        self.unanswered += 1
        if self.unanswered >= SILENT_AFTER:
            log.warning("DNS does not answer; senders stay unverified for %.0f s", self.pause)
            self.quiet_until = self.clock() + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)


class Bounded:
    """The questions of one letter: at most so many, until a moment."""

    def __init__(self, resolver: Resolver, until: float, most: int, clock: Callable[[], float]) -> None:
        self.resolver = resolver
        self.until = until
        self.left = most
        self.clock = clock

    def ask(self, name: str, kind: str) -> Sequence[Any]:
        """Raises Unanswered, also when the time or the number is used up."""
        seconds = self.until - self.clock()
        self.left -= 1
        if seconds <= 0 or self.left < 0:
            raise Unanswered(f"{name} {kind}: no time left")
        return self.resolver.ask(name, kind, seconds)


def _plain(record: Any, kind: str) -> Any:
    if kind == "TXT":
        return b"".join(record.strings)
    if kind == "MX":
        return record.preference, record.exchange.to_text(omit_final_dot=True)
    return record.target.to_text(omit_final_dot=True) if kind == "PTR" else record.address
