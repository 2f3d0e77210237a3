"""The journal's door, a listener of ours before it, and a relay behind us."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

import config
from app.mail import smtpd
from app.mail.receive import Receiver

Move = Callable[[timedelta], None]


@pytest.fixture
def receiver(app: Flask, settings: config.Settings) -> Iterator[Receiver]:
    opened = Receiver(settings)
    yield opened
    opened.close()


@pytest.fixture
def port(app: Flask, settings: config.Settings) -> Iterator[int]:
    """The port of a listener that takes letters up to 100,000 bytes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    stop = smtpd.start(replace(settings, intake_port=free, letter_limit=100_000))
    yield free
    stop()


Move = Callable[[timedelta], None]


class Relay:
    """Keeps what it accepts; `answers` are given first, to the recipients in turn."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.taken: list[Envelope] = []
        self.sessions: set[int] = set()

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.sessions.add(id(session))
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def use_relay(app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make a port of 127.0.0.1 the relay of this test."""

    def chosen(port: int) -> config.Settings:
        return replace(settings, mail_server="127.0.0.1", mail_port=port)

    def use(port: int) -> None:
        monkeypatch.setitem(app.extensions, "settings", chosen(port))

    return use


@pytest.fixture
def start_relay(use_relay: Callable[[int], None]) -> Iterator[Callable[..., Relay]]:
    """Start a relay with these options of aiosmtpd, and make it this test's."""
    running: list[Controller] = []

    def start(**options: bool) -> Relay:
        handler = Relay()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        running.append(Controller(handler, hostname="127.0.0.1", port=port, **options))
        running[-1].start()
        use_relay(port)
        return handler

    yield start
    for each in running:
        each.stop()


@pytest.fixture
def relay(start_relay: Callable[..., Relay]) -> Relay:
    return start_relay()


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Move:
    """move(time) -> so much later it is for everything that asks `utc_now`."""
    ahead = timedelta()

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    def moved(time: timedelta) -> None:
        nonlocal ahead
        ahead += time

    monkeypatch.setattr("app.models.types.datetime", Clock)
    return moved
