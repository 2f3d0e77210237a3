"""The SMTP and LMTP listeners of the mailboxes (RFC 5321, 2033): 250 is said only after the journal has committed.

Light: no Flask.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as SmtpEnvelope

import config
from app.mail.receive import HEAD, Envelope, Receiver

log = logging.getLogger(__name__)

KEPT = "250 2.0.0 Kept"
UNKNOWN = "550 5.1.1 No such mailbox here"
LATER = "451 4.3.0 The letter could not be kept now; please try again"
TOO_LARGE = "552 5.3.4 The letter is larger than the SIZE that we announce"
TOO_MANY = "452 4.5.3 Too many recipients"
BUSY = b"421 4.7.0 Too many connections; please try again\r\n"
REFUSED_FOR_SIZE = (  # aiosmtpd's words; a line may be as long as a letter, so a longer one is no better
    "552 Error: message size exceeds",
    "552 Error: Too much mail data",
    "500 Line too long (see",
)
ADDRESS = re.compile(r"<([^>]*)>")
MOST_RECIPIENTS = 100
MOST_OF_ONE = 50  # connections of one network address; Postfix opens 20
MOST_TOGETHER = 200


class Intake:
    """The answers of our side of the conversation."""

    def __init__(self, receiver: Receiver, transport: str) -> None:
        self.receiver, self.transport = receiver, transport

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
        known = self._known(session, envelope.mail_from, envelope.rcpt_tos)
        try:
            await asyncio.to_thread(self.receiver.keep, raw, known)
        except Exception:  # A 5xx would make the sender's server give the letter up.
            log.exception("A letter of %d bytes could not be kept", len(raw))
            return LATER
        return KEPT

    async def refuse_for_size(self, head: bytes, session: Session, sender: str | None, recipients: list[str]) -> str:
        """Final only once a consultant can see it."""
        try:
            await asyncio.to_thread(self.receiver.keep_refused, head, self._known(session, sender, recipients))
        except Exception:
            log.exception("That a letter was too large could not be kept")
            return LATER
        return TOO_LARGE

    def _known(self, session: Session, sender: str | None, recipients: list[str]) -> Envelope:
        return Envelope(
            recipients=tuple(recipients),
            transport=self.transport,
            sender=(sender or "").strip("<>"),
            peer=str(session.peer[0]) if isinstance(session.peer, tuple) else None,
        )

    async def handle_exception(self, error: Exception) -> str:
        """What nobody foresaw is neither told to the other side nor final."""
        log.error("A conversation failed", exc_info=error)
        return LATER


class Crowd:
    """Who is connected, by network address. Each listener has its own, for its thread."""

    def __init__(self) -> None:
        self.present: Counter[str] = Counter()

    def enter(self, peer: str) -> bool:
        """Whether there is room for one more of that address."""
        self.present[peer] += 1
        return self.present[peer] <= MOST_OF_ONE and self.present.total() <= MOST_TOGETHER

    def leave(self, peer: str) -> None:
        self.present[peer] -= 1
        if not self.present[peer]:
            del self.present[peer]


class Overheard:
    """The stream of a conversation, of which the first bytes are remembered: aiosmtpd drops what is too large."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self.stream, self.head = stream, b""

    async def readuntil(self, separator: bytes) -> bytes:
        return self._heard(await self.stream.readuntil(separator))

    async def read(self, number: int) -> bytes:
        return self._heard(await self.stream.read(number))

    def _heard(self, content: bytes) -> bytes:
        self.head += content[: HEAD - len(self.head)]
        return content


class Conversation(SMTP):
    """aiosmtpd's, which also takes lines longer than RFC 5321 section 4.5.3.1.6 asks for: a customer's
    letter is not refused for what his mail program made of it. Where one address opens too many, it is sent away."""

    _reader: Any

    def __init__(self, handler: Intake, crowd: Crowd, *, data_size_limit: int, **options: Any) -> None:
        self.line_length_limit = max(data_size_limit, SMTP.line_length_limit)
        self.crowd = crowd
        self.peer: str | None = None
        self.is_refused = False
        self.announced = ""
        super().__init__(handler, data_size_limit=data_size_limit, **options)

    async def smtp_MAIL(self, argument: str | None) -> None:  # noqa: N802 aiosmtpd's name
        self.announced = argument or ""
        await super().smtp_MAIL(argument)

    async def smtp_DATA(self, argument: str | None) -> None:  # noqa: N802
        stream = self._reader
        self._reader = Overheard(stream)
        try:
            await super().smtp_DATA(argument)
        finally:
            self._reader = stream

    async def push(self, status: str | bytes) -> None:
        await super().push(await self.final(status))

    async def final(self, status: str | bytes) -> str | bytes:
        """What is said instead of aiosmtpd's own refusal of a large letter, once that is in the journal."""
        if not isinstance(status, str) or not status.startswith(REFUSED_FOR_SIZE):
            return status
        sender, head = self.envelope.mail_from, b""
        if isinstance(self._reader, Overheard):
            head = re.sub(rb"(?m)^\.", b"", self._reader.head)
        elif found := ADDRESS.search(self.announced):
            sender = found[1]
        return await self.event_handler.refuse_for_size(head, self.session, sender, self.envelope.rcpt_tos)

    def connection_made(self, transport: Any) -> None:
        """Called again once STARTTLS is done."""
        if self.peer is None:
            self.peer = str((transport.get_extra_info("peername") or "?")[0])
            self.is_refused = not self.crowd.enter(self.peer)
        if self.is_refused:
            transport.write(BUSY)
            transport.close()
        else:
            super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.peer is not None:
            self.crowd.leave(self.peer)
            self.peer = None
        if not self.is_refused:
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return False if self.is_refused else super().eof_received()


class Delivery(Conversation, LMTP):
    """LMTP: what became of the letter is answered once for each recipient that was taken (RFC 2033 section 4.2)."""

    answers = 1

    async def push(self, status: str | bytes) -> None:
        """All recipients' rows are committed together, so their answers are the same."""
        times, self.answers = self.answers, 1
        status = await self.final(status)
        for _recipient in range(times):
            await super().push(status)
        if isinstance(status, str) and status.startswith("354 "):
            self.answers = len(self.envelope.rcpt_tos)


class Certificate:
    """What STARTTLS shows, read anew when the file has changed: certificates live for weeks."""

    def __init__(self, settings: config.Settings) -> None:
        """Raises BadSetting."""
        self.settings = settings
        self.seen = 0.0
        self.made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            self._read()
        except OSError as error:  # ssl.SSLError is one
            raise config.BadSetting(
                f"BILETY_INTAKE_CERTIFICATE and BILETY_INTAKE_KEY cannot be used: {error}."
            ) from error

    def context(self) -> ssl.SSLContext:
        try:
            self._read()
        except OSError as error:
            log.warning("The new certificate cannot be read; the one before stays: %s", error)
        return self.made

    def _read(self) -> None:
        certificate, key = self.settings.intake_certificate, self.settings.intake_key
        assert certificate is not None
        changed = certificate.stat().st_mtime
        if changed != self.seen:
            self.made.load_cert_chain(certificate, key)
            self.seen = changed


class Listener(Controller):
    """aiosmtpd's thread, answering as Bilety."""

    conversation: type[Conversation] = Conversation
    transport = "smtp"
    setting = "BILETY_INTAKE_PORT"

    def __init__(self, receiver: Receiver, settings: config.Settings, port: int) -> None:
        self.size_limit = settings.letter_limit
        self.name = settings.hostname
        self.certificate = Certificate(settings) if settings.intake_certificate else None
        self.crowd = Crowd()
        intake = Intake(receiver, self.transport)
        super().__init__(intake, hostname=settings.intake_host, port=port, ready_timeout=10)

    def factory(self) -> Any:
        return self.conversation(
            self.handler,
            self.crowd,
            data_size_limit=self.size_limit,
            enable_SMTPUTF8=True,
            hostname=self.name,
            ident="Bilety",
            timeout=60,
            tls_context=self.certificate.context() if self.certificate else None,
        )


class LmtpListener(Listener):
    conversation = Delivery
    transport = "lmtp"
    setting = "BILETY_LMTP_PORT"


class NoPort(OSError):
    """A port is not free, or not ours to use; its text is one sentence that says what to mend."""


def start(settings: config.Settings) -> Callable[[], None]:
    """Listen on the intake addresses, each in a thread of its own; the answer stops it.

    Raises NoPort, and BadSetting for a certificate that cannot be used.
    """
    with ExitStack() as stack:
        receiver = Receiver(settings)
        stack.callback(receiver.close)
        listeners = [Listener(receiver, settings, settings.intake_port)]
        if settings.lmtp_port:
            listeners.append(LmtpListener(receiver, settings, settings.lmtp_port))
        for listener in listeners:
            try:
                listener.start()
            except OSError as error:
                where = f"Port {listener.port} of {settings.intake_host} cannot be used ({error.strerror or error})"
                raise NoPort(f"{where}: stop what uses it, or set {listener.setting}.") from error
            stack.callback(listener.stop, no_assert=True)
        return stack.pop_all().close
