"""How composed letters leave: by Flask-Mail to the relay, or as files where none is set."""

from __future__ import annotations

import os
import smtplib
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from flask_mail import Connection
from flask_mail import Message as MailMessage

import config
from app.events.outbox import NotBegun
from app.extensions import mail
from app.files.flush import flush

TIMEOUT_SECONDS = 10.0  # for one step of the relay's

Handed = Mapping[int, Exception | None]  # by letter: nothing, or why it could not be handed over


@dataclass(frozen=True)
class Ready:
    """A composed letter."""

    id: int
    created_at: datetime
    message: MailMessage


class Transport(Protocol):
    """A way out, for one batch."""

    at_once: int  # so many letters are composed before the first of them leaves

    def deliver(self, letters: Sequence[Ready], late: Callable[[], bool]) -> Iterator[Handed]:
        """Hand the letters over; what is yielded has left for good and can be written down. When late, begin none."""


def transport_of(settings: config.Settings) -> AbstractContextManager[Transport]:
    """How the letters of a batch leave."""
    return _files(settings.outgoing) if settings.mail_server is None else _relay()


@contextmanager
def _files(folder: Path) -> Iterator[Transport]:
    yield Files(folder)


@contextmanager
def _relay() -> Iterator[Transport]:
    """Flask-Mail sets no time limit on its sockets; a dead relay must not hold the worker."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_SECONDS)
    relay = Relay()
    try:
        yield relay
    finally:
        relay.close()
        socket.setdefaulttimeout(before)


class Files:
    """Letters kept as .eml files that only this user can read: they may hold links that sign in."""

    at_once = 100

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, letters: Sequence[Ready], late: Callable[[], bool]) -> Iterator[Handed]:
        """All of them are on the disk together before the first has its name."""
        if late():
            yield {letter.id: NotBegun("The disk is slow; this letter waits.") for letter in letters}
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.folder, prefix=".") as folder:
            drafts = [_draft(letter, Path(folder)) for letter in letters]
            flush(drafts)
            for draft in drafts:
                draft.replace(self.folder / draft.name)
        flush([self.folder])
        yield dict.fromkeys(letter.id for letter in letters)


def _draft(letter: Ready, folder: Path) -> Path:
    path = folder / f"{letter.created_at:%Y%m%dT%H%M%S}-{letter.id:08d}.eml"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(letter.message.as_bytes())
    return path


class Relay:
    """One SMTP connection, opened when needed and again after it broke."""

    at_once = 10  # Few: whom they may reach was asked before the first of them left.

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.unreachable: Exception | None = None

    def deliver(self, letters: Sequence[Ready], late: Callable[[], bool]) -> Iterator[Handed]:
        """One by one, so that a crash repeats one letter at most."""
        for letter in letters:
            if late():
                yield {letter.id: NotBegun("The relay is slow; this letter waits.")}
                continue
            try:
                self._send(letter.message)
            except Exception as error:  # A letter that cannot be sent must not hold up the next.
                yield {letter.id: error}
            else:
                yield {letter.id: None}

    def _send(self, message: MailMessage) -> None:
        if self.connection is None:
            self.connection = self._connect()
        sender = message.sender
        try:
            self.connection.send(message, envelope_from=sender[1] if isinstance(sender, tuple) else sender)
        except (OSError, smtplib.SMTPException) as error:
            if not isinstance(error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException)):
                self.close()
            elif self.connection.host is not None:
                self.connection.host.rset()
            raise

    def _connect(self) -> Connection:
        """Raises at once what the first attempt of this batch raised: its other letters need not try again."""
        if self.unreachable is not None:
            raise self.unreachable
        try:
            return mail.connect().__enter__()
        except (OSError, smtplib.SMTPException) as error:
            self.unreachable = error
            raise

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None and connection.host is not None:
            try:
                connection.host.quit()
            except (OSError, smtplib.SMTPException):
                connection.host.close()
