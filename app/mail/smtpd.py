"""The SMTP listener of the mailboxes (RFC 5321): 250 is said only after the journal has committed. Light: no Flask."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as SmtpEnvelope

import config
from app.mail.receive import Envelope, Receiver

log = logging.getLogger(__name__)

KEPT = "250 2.0.0 Kept"
UNKNOWN = "550 5.1.1 No such mailbox here"
LATER = "451 4.3.0 The letter could not be kept now; please try again"
TOO_MANY = "452 4.5.3 Too many recipients"
MOST_RECIPIENTS = 100


class Intake:
    """The answers of our side of the conversation."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver

    async def handle_RCPT(  # noqa: N802 aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: SmtpEnvelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            mailbox_id = await asyncio.to_thread(self.receiver.mailbox_of, address)
        except Exception:  # Whatever broke on our side, the sender's server shall try again.
            log.exception("The mailboxes could not be read")
            return LATER
        if mailbox_id is None:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: SmtpEnvelope) -> str:  # noqa: N802
        raw = envelope.original_content or b""
        known = Envelope(
            recipients=tuple(envelope.rcpt_tos),
            transport="smtp",
            sender=(envelope.mail_from or "").strip("<>"),
            peer=str(session.peer[0]) if isinstance(session.peer, tuple) else None,
        )
        try:
            await asyncio.to_thread(self.receiver.keep, raw, known)
        except Exception:  # A 5xx would make the sender's server give the letter up.
            log.exception("A letter of %d bytes could not be kept", len(raw))
            return LATER
        return KEPT

    async def handle_exception(self, error: Exception) -> str:
        """What nobody foresaw is neither told to the other side nor final."""
        log.error("A conversation failed", exc_info=error)
        return LATER


class Conversation(SMTP):
    """aiosmtpd's, which also takes lines longer than RFC 5321 section 4.5.3.1.6 asks for: a customer's
    letter is not refused for what his mail program made of it."""

    def __init__(self, handler: Intake, *, data_size_limit: int, **options: Any) -> None:
        self.line_length_limit = max(data_size_limit, SMTP.line_length_limit)
        super().__init__(handler, data_size_limit=data_size_limit, **options)


class Listener(Controller):
    """aiosmtpd's thread, answering as Bilety."""

    def factory(self) -> Any:
        return Conversation(
            self.handler,
            data_size_limit=self.size_limit,
            enable_SMTPUTF8=True,
            hostname=self.name,
            ident="Bilety",
            timeout=60,
        )

    def __init__(self, receiver: Receiver, settings: config.Settings) -> None:
        self.size_limit = settings.letter_limit
        self.name = settings.hostname
        super().__init__(Intake(receiver), hostname=settings.intake_host, port=settings.intake_port, ready_timeout=10)


def start(settings: config.Settings) -> Callable[[], None]:
    """Listen on the intake address in a thread of its own; the answer stops it. Raises OSError for a port in use."""
    receiver = Receiver(settings)
    listener = Listener(receiver, settings)
    listener.start()

    def stop() -> None:
        listener.stop(no_assert=True)
        receiver.close()

    return stop
