"""Who may be believed about a letter's sender: our own mail server where the mailbox names it, else our own checks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from flask import Flask

import config
from app.mail.checks import checked
from app.mail.dns import Bounded, Dns, Resolver, Silence
from app.mail.letter import Understood
from app.mail.proof import UNPROVEN, Proof, told_by
from app.mail.receive import base_address

BATCH_SECONDS = 20.0  # for all letters that are read together: far less than the lease of their rows
LETTER_SECONDS = 5.0
MOST_QUESTIONS = 30  # of one letter


@dataclass(frozen=True)
class Authority:
    """What is asked about the letters of one batch. Beyond its time they end as temperror, and go on their way."""

    servers: Mapping[str, str | None]  # by mailbox: the name of the mail server that checks its letters
    relays: tuple[str, ...]
    resolver: Resolver
    until: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def of(cls, app: Flask, servers: Mapping[str, str | None]) -> Authority:
        settings: config.Settings = app.extensions["settings"]
        resolver: Resolver = app.extensions.setdefault("resolver", Dns() if settings.asks_dns else Silence())
        return cls(servers, settings.relays, resolver, time.monotonic() + BATCH_SECONDS)

    def proof_of(self, raw: bytes, letter: Understood, *, recipient: str, path: str | None, peer: str | None) -> Proof:
        """What is proven of the sender. `peer` is who handed it over by SMTP; None where we fetched it ourselves."""
        if letter.sender is None:
            return UNPROVEN
        stranger = peer if peer and not self._is_relay(peer) else None
        server = self.servers.get(base_address(recipient))
        if server and not stranger:
            return told_by(server, letter.headers, letter.sender.address)
        until = min(self.until, self.clock() + LETTER_SECONDS)
        return checked(
            raw,
            sender=letter.sender.address,
            authors=_authors(letter),
            path=path,
            peer=stranger,
            dns=Bounded(self.resolver, until, MOST_QUESTIONS, self.clock),
        )

    def _is_relay(self, peer: str) -> bool:
        try:
            address = ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in ip_network(relay) for relay in self.relays)


def _authors(letter: Understood) -> int:
    """From lines of the letter, each of which some program may show (RFC 7489 section 6.6.1)."""
    return len(letter.headers.get("from", ()))
