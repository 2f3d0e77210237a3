"""The journal's door, and a listener of ours before it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

import config
from app.mail import smtpd
from app.mail.receive import Receiver


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
