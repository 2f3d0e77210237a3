"""Letters from an IMAP folder (RFC 3501, 9051). By UID only; flags are neither read nor set. Light: no Flask."""

from __future__ import annotations

import imaplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError, ProtocolError

from app.mail import network
from app.mail.secret import opened, outlook_token
from app.mail.trouble import Trouble, Troubled, of_network, refused
from app.mail.ways import Account, Found, Step

READ_SECONDS = 50  # one answer; a hanging server is given up within a minute
SLICE_SECONDS = 2.0  # so soon a waiting reader sees that it shall stop
SIZES_AT_ONCE = 200
FAILURES = (OSError, IMAPClientError, ProtocolError, imaplib.IMAP4.error, ValueError)


@dataclass(frozen=True)
class Position:
    """How far a folder is read. UIDs count within one UIDVALIDITY (RFC 3501 section 2.3.1.1)."""

    validity: int
    last: int  # the highest UID that is behind us
    first: int = 0  # letters up to this UID are none of ours to move
    until: int = 0  # letters up to this UID were there when the server numbered anew

    @classmethod
    def read(cls, cursor: str) -> Position:
        return cls(*(int(number) for number in cursor.split(":")))

    def __str__(self) -> str:
        return f"{self.validity}:{self.last}:{self.first}:{self.until}"


class Imap:
    """An account on an IMAP server."""

    def __init__(self, account: Account, key: str) -> None:
        self.account, self.key = account, key
        self.client: Any = None
        self.validity = self.next = 0
        self.is_read_only = False

    def steps(self) -> Iterator[Step]:
        yield "name", lambda: network.resolve(self.account.host, self.account.port)
        yield "reach", lambda: network.reach(self.account.host, self.account.port)
        yield "plain" if self.account.security == "none" else "tls", self._connect
        yield "sign_in", self._sign_in
        yield "folder", self._select
        if self.account.move_to:
            yield "move", self._find_target

    def open(self) -> None:
        """Raises Troubled."""
        self._connect()
        self._sign_in()
        self._select()

    def beginning(self) -> str:
        """UIDNEXT tells it; a server without it is asked for its last letter."""
        with _spoken(Trouble.ANSWER):
            last = self.next - 1 if self.next else max(self.client.search("ALL"), default=0)
        return str(Position(self.validity, last, first=last))

    def letters(self, cursor: str | None, since: datetime | None) -> Iterator[Found]:
        position = Position.read(cursor) if cursor else Position(self.validity, 0)
        with _spoken(Trouble.ANSWER):
            self.client.noop()  # Until then a server may search what it showed this session before.
            if position.validity != self.validity:
                until = max(self.client.search("ALL"), default=0)
                position = Position(self.validity, 0, first=until, until=until)
            found = self.client.search(["UID", f"{position.last + 1}:*"])
        new = sorted(uid for uid in found if uid > position.last)  # "*" is the last letter, however low
        for start in range(0, len(new), SIZES_AT_ONCE):
            yield from self._fetched(new[start : start + SIZES_AT_ONCE], position, since)

    def tidy(self, cursor: str) -> None:
        """Into the other folder, where one is wished for; what was there before us stays."""
        position = Position.read(cursor)
        if self.account.move_to and position.validity == self.validity and position.last > position.first:
            with _spoken(Trouble.MOVE):
                self._move(self.client.search(["UID", f"{position.first + 1}:{position.last}"]))

    def wait(self, stopping: threading.Event, seconds: float) -> None:
        """IDLE (RFC 2177) is a hint and no more: its words are not read, and in the end the folder is asked anyway."""
        with _spoken(Trouble.ANSWER):
            if not self.client.has_capability("IDLE"):
                stopping.wait(seconds)
                return
            until = time.monotonic() + seconds
            self.client.idle()
            while not stopping.is_set() and (left := until - time.monotonic()) > 0:
                if self.client.idle_check(timeout=min(left, SLICE_SECONDS)):
                    break
            self.client.idle_done()

    def close(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            with suppress(*FAILURES, AttributeError):
                client.socket().settimeout(SLICE_SECONDS)
                client.logout()
            with suppress(*FAILURES, AttributeError):
                client.shutdown()

    def _connect(self) -> str:
        account = self.account
        context = ssl.create_default_context()
        with _spoken(Trouble.ANSWER):
            self.client = IMAPClient(
                account.host,
                account.port,
                ssl=account.security == "tls",
                ssl_context=context,
                timeout=SocketTimeout(network.CONNECT_SECONDS, READ_SECONDS),
            )
            self.client.normalise_times = False  # of the zone that the server names
            if account.security == "starttls":
                if not self.client.has_capability("STARTTLS"):
                    raise Troubled(Trouble.TLS, "no STARTTLS")
                self.client.starttls(context)
            transport = self.client.socket()
        return str(transport.version()) if isinstance(transport, ssl.SSLSocket) else self.client.welcome.decode()

    def _sign_in(self) -> str:
        account = self.account
        if account.by_token:
            token = outlook_token(account, self.key)
            with _spoken(Trouble.SIGN_IN):
                self.client.oauth2_login(account.username, token)
            return account.username
        secret = opened(account, self.key)
        with _spoken(Trouble.SIGN_IN):
            if self.client.has_capability("LOGINDISABLED"):  # RFC 3501 section 6.2.3: no password is sent then
                raise Troubled(Trouble.TLS, "LOGINDISABLED")
            if (self.account.username + secret).isascii():
                self.client.login(self.account.username, secret)
            else:
                self.client.plain_login(self.account.username, secret)
        return self.account.username

    def _select(self) -> str:
        """Asked by EXAMINE where nothing is moved: then not even \\Recent changes. A folder that is for reading only is
        read all the same."""
        folder, self.is_read_only = self.account.folder, False
        with _spoken(Trouble.FOLDER):
            try:
                found = self.client.select_folder(folder, readonly=not self.account.move_to)
            except imaplib.IMAP4.readonly:
                found, self.is_read_only = self.client.select_folder(folder, readonly=True), True
        self.validity, self.next = int(found.get(b"UIDVALIDITY", 0)), int(found.get(b"UIDNEXT", 0))
        return f"{folder}: {found.get(b'EXISTS', 0)}"

    def _find_target(self) -> str:
        if self.is_read_only:
            raise Troubled(Trouble.MOVE, "READ-ONLY")
        target = self.account.move_to
        with _spoken(Trouble.MOVE):
            if not self.client.folder_exists(target):
                self.client.create_folder(target)
        return target

    def _fetched(self, uids: Sequence[int], position: Position, since: datetime | None) -> Iterator[Found]:
        """Letters one by one, however large they are together. What somebody else removed meanwhile is passed over."""
        with _spoken(Trouble.ANSWER):
            told = self.client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        for uid in uids:
            cursor = str(replace(position, last=uid))
            facts = told.get(uid)
            if facts is None or (uid <= position.until and since and facts.get(b"INTERNALDATE", since) < since):
                yield Found(None, cursor)
                continue
            is_whole = facts.get(b"RFC822.SIZE", 0) <= self.account.limit
            part = "BODY.PEEK[]" if is_whole else f"BODY.PEEK[]<0.{self.account.head}>"
            with _spoken(Trouble.ANSWER):
                raw = self._body(uid, part)
            yield Found(raw, cursor, is_whole)

    def _body(self, uid: int, part: str) -> bytes | None:
        """None where somebody else removed the letter. NIL of one that is there is kept as an empty letter, which
        waits for a consultant; Dovecot says NIL of removed ones, too."""
        answer = self.client.fetch([uid], [part]).get(uid, {})
        raw: bytes | None = next((value for name, value in answer.items() if name.startswith(b"BODY[]")), None)
        if raw is None and answer:
            self.client.noop()
            return b"" if uid in self.client.search(["UID", str(uid)]) else None
        return raw

    def _move(self, uids: list[int]) -> None:
        """MOVE (RFC 6851); without it by copy and removal of just these letters (UIDPLUS, RFC 4315)."""
        if not uids:
            return
        target = self._find_target()
        if self.client.has_capability("MOVE"):
            self.client.move(uids, target)
            return
        self.client.copy(uids, target)
        self.client.delete_messages(uids, silent=True)
        if self.client.has_capability("UIDPLUS"):
            self.client.uid_expunge(uids)


way: Callable[[Account, str], Imap] = Imap


@contextmanager
def _spoken(trouble: Trouble) -> Iterator[None]:
    """A failure of the network is named as such; what the server refuses is `trouble`."""
    try:
        yield
    except Troubled:
        raise
    except LoginError as error:
        raise refused(Trouble.SIGN_IN, _words(error)) from error
    except OSError as error:
        raise of_network(error) from error
    except imaplib.IMAP4.abort as error:
        raise refused(Trouble.ANSWER if "unexpected" in str(error) else Trouble.REACH, _words(error)) from error
    except FAILURES as error:
        raise refused(trouble, _words(error)) from error


def _words(error: Exception) -> object:
    """The server's own, where the libraries wrap them in Python's spelling of bytes."""
    inner = error.__context__ if isinstance(error, LoginError) else error
    said = inner.args[0] if inner and inner.args else error
    return said if isinstance(said, bytes) else error
