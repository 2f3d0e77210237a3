"""Letters from a POP3 mailbox (RFC 1939). Nothing on the server is changed. Light: no Flask."""

from __future__ import annotations

import poplib
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from app.mail import network
from app.mail.secret import opened
from app.mail.trouble import Trouble, Troubled, of_network, refused
from app.mail.ways import Account, Found, Step

TIMEOUT_SECONDS = 50.0
LINE = 80  # bytes, by which the beginning of a large letter is asked for

# POP3 has no limit on the lines of a letter, poplib one of 2 KiB, which HTML of one line passes.
poplib._MAXLINE = 2**26  # type: ignore[attr-defined]


class Pop3:
    """An account on a POP3 server. A session shows what was there when it began, so each look is one of its own."""

    def __init__(self, account: Account, key: str) -> None:
        self.account, self.key = account, key
        self.client: poplib.POP3 | None = None

    def steps(self) -> Iterator[Step]:
        yield "name", lambda: network.resolve(self.account.host, self.account.port)
        yield "reach", lambda: network.reach(self.account.host, self.account.port)
        yield "plain" if self.account.security == "none" else "tls", self._connect
        yield "sign_in", self._sign_in
        yield "folder", lambda: str(len(self._listed()))

    def open(self) -> None:
        """Raises Troubled."""
        self._connect()
        self._sign_in()

    def beginning(self) -> str:
        return _cursor(self._listed().values())

    def letters(self, cursor: str | None, since: datetime | None) -> Iterator[Found]:
        """The cursor is what the last look has seen, by UIDL. It moves when a look has ended: after a crash the letters
        of the look come again, and the journal knows them by their bytes."""
        known, listed = set((cursor or "").split()), self._listed()
        for number, name in listed.items():
            if name not in known:
                raw, is_whole = self._raw(number)
                yield Found(raw, cursor or "", is_whole)
        yield Found(None, _cursor(listed.values()))

    def tidy(self, cursor: str) -> None:
        """Letters stay where they are."""

    def wait(self, stopping: threading.Event, seconds: float) -> None:
        self.close()
        stopping.wait(seconds)
        if not stopping.is_set():
            self.open()

    def close(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            with suppress(OSError, poplib.error_proto):
                client.quit()
            with suppress(OSError):
                client.close()

    def _connect(self) -> str:
        account, context = self.account, ssl.create_default_context()
        with _spoken(Trouble.ANSWER):
            if account.security == "tls":
                self.client = poplib.POP3_SSL(account.host, account.port, timeout=TIMEOUT_SECONDS, context=context)
            else:
                self.client = poplib.POP3(account.host, account.port, timeout=TIMEOUT_SECONDS)
            if account.security == "starttls":
                with _spoken(Trouble.TLS):
                    self.client.stls(context)
            return self.client.getwelcome().decode("utf-8", "replace")

    def _sign_in(self) -> str:
        secret, client = opened(self.account, self.key), self._client
        with _spoken(Trouble.SIGN_IN):
            client.encoding = "UTF-8"  # RFC 6856; poplib's own class attribute
            client.user(self.account.username)
            client.pass_(secret)
        return self.account.username

    def _listed(self) -> dict[int, str]:
        """Each letter's number in this session, and its name for good."""
        with _spoken(Trouble.FOLDER):
            _answer, lines, _size = self._client.uidl()
        found = (line.decode("ascii", "replace").split(maxsplit=1) for line in lines)
        return {int(number): name.replace(" ", "_") for number, name in found}

    def _raw(self, number: int) -> tuple[bytes, bool]:
        """The letter's bytes up to the limit, and whether these are all."""
        limit, head = self.account.limit, self.account.head
        with _spoken(Trouble.ANSWER):
            size = int(bytes(self._client.list(number)).split()[2])  # type: ignore[arg-type]  # of one letter it is a line
            is_whole = size <= limit
            _answer, lines, _size = self._client.retr(number) if is_whole else self._client.top(number, head // LINE)
        return b"".join(line + b"\r\n" for line in lines)[: None if is_whole else head], is_whole

    @property
    def _client(self) -> poplib.POP3:
        if self.client is None:
            raise Troubled(Trouble.REACH, "not connected")
        return self.client


way: Callable[[Account, str], Pop3] = Pop3


def _cursor(names: Iterable[str]) -> str:
    return " ".join(sorted(names))


@contextmanager
def _spoken(trouble: Trouble) -> Iterator[None]:
    """A failure of the network is named as such; what the server refuses is `trouble`."""
    try:
        yield
    except Troubled:
        raise
    except OSError as error:
        raise of_network(error) from error
    except poplib.error_proto as error:
        words = error.args[0] if error.args else error
        raise (Troubled(Trouble.REACH, words) if "EOF" in str(words) else refused(trouble, words)) from error
    except (ValueError, IndexError, UnicodeError) as error:
        raise Troubled(Trouble.ANSWER, error) from error
