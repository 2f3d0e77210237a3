"""How composed letters leave: by Flask-Mail to the mailbox's own server or the relay, or as files where none is set."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from flask import current_app
from flask_babel import gettext as _
from flask_mail import Connection
from flask_mail import Message as MailMessage

import config
from app.events.outbox import NotBegun, Permanent
from app.files.flush import flush
from app.mail import smtp
from app.mail.connections import outgoing
from app.mail.trouble import Troubled
from app.mail.ways import Account, closed_way

if TYPE_CHECKING:
    from app.mail.graph import Graph

UNFIT = frozenset({"ErrorInvalidRecipients", "ErrorMessageSizeExceeded"})  # letters that Graph refuses for good

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


@contextmanager
def transport_of(settings: config.Settings) -> Iterator[Transport]:
    """How the letters of a batch leave."""
    with ExitStack() as stack:
        relay, key = smtp.account_of_settings(settings), settings.secret_key
        default = Files(settings.outgoing) if relay is None else stack.enter_context(_relay(relay, key))
        own = {account.address: stack.enter_context(_way_of(account, key)) for account in outgoing()}
        yield Routes(default, own) if own else default


@contextmanager
def _relay(account: Account, key: str) -> Iterator[Transport]:
    relay = Relay(account, key)
    try:
        yield relay
    finally:
        relay.close()


@contextmanager
def _posted(account: Account, key: str) -> Iterator[Transport]:
    graph: Graph = closed_way(account, key)
    try:
        yield Posted(graph)
    finally:
        graph.close()


def _way_of(account: Account, key: str) -> AbstractContextManager[Transport]:
    return _posted(account, key) if account.way == "graph" else _relay(account, key)


class Routes:
    """Each letter by the way of the mailbox that it comes from, in the order that they were given."""

    def __init__(self, default: Transport, own: Mapping[str, Transport]) -> None:
        self.default, self.own = default, own
        self.at_once = min(way.at_once for way in (default, *own.values()))

    def deliver(self, letters: Sequence[Ready], late: Callable[[], bool]) -> Iterator[Handed]:
        for way, some in groupby(letters, key=self._way_of):
            yield from way.deliver(list(some), late)

    def _way_of(self, letter: Ready) -> Transport:
        return self.own.get(_sender(letter.message).lower(), self.default)


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


class Posted:
    """Letters handed to Microsoft Graph, one by one."""

    at_once = 10

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def deliver(self, letters: Sequence[Ready], late: Callable[[], bool]) -> Iterator[Handed]:
        for letter in letters:
            if late():
                yield {letter.id: NotBegun("Graph is slow; this letter waits.")}
                continue
            try:
                self.graph.send(letter.message.as_bytes())
            except Exception as error:  # A letter that cannot be sent must not hold up the next.
                yield {letter.id: Permanent(str(error)) if getattr(error, "code", "") in UNFIT else error}
            else:
                yield {letter.id: None}


class Checked(Connection):
    """Flask-Mail's connection, which checks certificates and waits for no server without end."""

    def __init__(self, account: Account, key: str) -> None:
        super().__init__(current_app.extensions["mail"])
        self.account, self.key = account, key

    def configure_host(self) -> smtplib.SMTP:
        return smtp.connected(self.account, self.key)

    def send(self, message: MailMessage, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Flask-Mail's own writes addresses in ASCII only. Raises Permanent, SMTPException, OSError."""
        sender, readers = _sender(message), [_plain(reader) for reader in message.recipients]
        if all(address.isascii() for address in (sender, *readers)):
            super().send(message, envelope_from=sender)
            return
        assert self.host is not None
        if not self.host.has_extn("smtputf8"):
            raise _no_smtputf8(sender, readers)
        self.host.sendmail(sender, readers, message.as_bytes(), ["SMTPUTF8", "BODY=8BITMIME"])


class Relay:
    """One SMTP connection, opened when needed and again after it broke."""

    at_once = 10  # Few: whom they may reach was asked before the first of them left.

    def __init__(self, account: Account, key: str) -> None:
        self.account, self.key = account, key
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
        try:
            self.connection.send(message)
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
            return Checked(self.account, self.key).__enter__()
        except (OSError, smtplib.SMTPException, Troubled) as error:
            self.unreachable = error
            raise

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None and connection.host is not None:
            try:
                connection.host.quit()
            except (OSError, smtplib.SMTPException):
                connection.host.close()


def _sender(message: MailMessage) -> str:
    """The address that the letter comes from."""
    return _plain(message.sender)


def _plain(address: str | tuple[str, str]) -> str:
    return str(address[1] if isinstance(address, tuple) else address)


def _no_smtputf8(sender: str, readers: Sequence[str]) -> Exception:
    """A reader's address that the server cannot take is final. Ours is a setting: letters wait until it is mended."""
    if sender.isascii():
        return Permanent(
            _("The mail server takes no address with letters beyond ASCII (SMTPUTF8): %(address)s", address=readers[0])
        )
    return smtplib.SMTPException(
        _("The mail server takes no mailbox with letters beyond ASCII (SMTPUTF8): %(address)s", address=sender)
    )
