"""Letters leave: by Flask-Mail to the relay, or as files where none is set. No transaction is open meanwhile."""

from __future__ import annotations

import logging
import os
import smtplib
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from flask_mail import BadHeaderError, Connection
from flask_mail import Message as MailMessage
from sqlalchemy import select
from sqlalchemy.orm import joinedload

import config
from app.events.outbox import MOST_ATTEMPTS, Item, Permanent
from app.events.record import Reaction, owe
from app.events.transaction import transaction
from app.extensions import db, mail
from app.mail.compose import compose
from app.mail.readers import may_receive
from app.models.event import Letter
from app.models.types import utc_now

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10.0  # for one step of the relay's
BATCH_SECONDS = 30.0  # no letter is begun after this: the batch must end within the outbox's lease
LONGEST_ERROR = 1000
WAITING, SENT, FAILED, SUPPRESSED = "waiting", "sent", "failed", "suppressed"

Deliver = Callable[[MailMessage, Letter], None]


def perform(items: list[Item], *, clock: Callable[[], float] = time.monotonic) -> Mapping[int, Exception | None]:
    """Hand over each letter. A letter that is sent already, or whose reader lost his access, is not sent."""
    outcomes: dict[int, Exception | None] = {}
    until = clock() + BATCH_SECONDS
    with _deliverer() as deliver:
        for item in items:
            late = clock() > until
            outcomes[item.id] = TimeoutError("The relay is slow; this letter waits.") if late else _send(item, deliver)
    return outcomes


def retry(letter: Letter) -> None:
    """Owe a failed letter once more, at once."""
    letter.state = WAITING
    letter.last_error = None
    owe(Reaction.SEND, letter_id=letter.id)


def _send(item: Item, deliver: Deliver) -> Exception | None:
    letter = _load(item.letter_id)
    if letter is None or letter.state in (SENT, SUPPRESSED):
        return None
    if not may_receive(letter.account, letter.template, letter.ticket):
        _settle(letter.id, state=SUPPRESSED, error=None)
        return None
    try:
        message = compose(letter)
        message_id = message.msgId
        db.session.commit()  # Nothing may be held while the relay takes its time.
        deliver(message, letter)
    except Exception as raised:  # The outbox's edge: a letter that cannot be sent must not hold up the next.
        error = _classified(raised)
        db.session.rollback()
        gone = isinstance(error, Permanent) or item.attempts + 1 >= MOST_ATTEMPTS
        _settle(letter.id, state=FAILED if gone else WAITING, error=error)
        if not isinstance(raised, (OSError, smtplib.SMTPException)):
            log.exception("Letter %d could not be made", letter.id)
        return error
    _settle(letter.id, state=SENT, error=None, message_id=message_id)
    return None


def _load(letter_id: int | None) -> Letter | None:
    query = select(Letter).where(Letter.id == letter_id)
    options = (joinedload(Letter.account), joinedload(Letter.ticket), joinedload(Letter.event))
    return db.session.scalars(query.options(*options)).unique().one_or_none()


def _settle(letter_id: int, *, state: str, error: Exception | None, message_id: str | None = None) -> None:
    db.session.commit()
    with transaction():
        letter = db.session.get_one(Letter, letter_id)
        letter.state = state
        letter.attempts += 1
        letter.last_error = str(error)[:LONGEST_ERROR] if error else None
        if state == SENT:
            letter.sent_at = utc_now()
            letter.message_id = message_id


def _classified(error: Exception) -> Exception:
    """A refusal of this letter for good (5xx, RFC 5321 section 4.2.1) is Permanent; anything else may pass.

    A relay that refuses us, by password or sender, is a wrong setting: the letters wait until it is mended.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _refusal(code, text)
    if isinstance(error, smtplib.SMTPDataError):
        return _refusal(error.smtp_code, error.smtp_error)
    if isinstance(error, (ValueError, KeyError, BadHeaderError)):
        return Permanent(str(error))
    return error


def _refusal(code: int, text: bytes | str) -> Exception:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    sentence = f"{code} {words}".strip()
    return Permanent(sentence) if 500 <= code < 600 else smtplib.SMTPException(sentence)


@contextmanager
def _deliverer() -> Iterator[Deliver]:
    """How letters of this batch leave: one connection for all, opened at the first."""
    settings: config.Settings = current_app.extensions["settings"]
    if settings.mail_server is None:
        yield lambda message, letter: keep_as_file(message, letter, settings.outgoing)
        return
    relay = Relay()
    with _time_limit():
        try:
            yield relay.deliver
        finally:
            relay.close()


class Relay:
    """One SMTP connection, opened when needed and again after it broke."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.unreachable: Exception | None = None

    def deliver(self, message: MailMessage, _letter: Letter) -> None:
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


@contextmanager
def _time_limit() -> Iterator[None]:
    """Flask-Mail sets no time limit on its sockets; a dead relay must not hold the worker."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def keep_as_file(message: MailMessage, letter: Letter, folder: Path) -> None:
    """Without a relay a letter is kept as an .eml that only this user can read: it may hold a link that signs in."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{letter.created_at:%Y%m%dT%H%M%S}-{letter.id:08d}.eml"
    handle, draft = tempfile.mkstemp(dir=folder)  # made with mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, target)
