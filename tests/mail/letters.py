"""Letters that tests write and read."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path

from flask import Flask
from sqlalchemy import update

import config
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.drain import drain_in
from app.mail.receive import Envelope, Receiver
from app.models.mailbox import Mailbox


def letter(
    *,
    sender: str = "Anna Nowak <anna@klient.example>",
    to: str = "PomocTARGIT@pomoc.example",
    subject: str = "Raport nie działa",
    text: str = "Dzień dobry,\n\nraport sprzedaży jest pusty.\n\nAnna",
    message_id: str | None = "<1@klient.example>",
    **headers: str,
) -> bytes:
    """A plain letter; `in_reply_to="..."` becomes In-Reply-To."""
    message = EmailMessage(policy=default)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-").title()] = value
    message.set_content(text)
    return message.as_bytes()


def trust_copies(app: Flask) -> None:
    """Nothing proves a sender here: consultants are known by their own copies, as at the demo desk."""
    with app.app_context(), transaction():
        db.session.execute(update(Mailbox).values(trusts_marks=True))


def arrive(
    app: Flask,
    settings: config.Settings,
    raw: bytes,
    *,
    recipient: str = "PomocTARGIT@pomoc.example",
    sender: str = "x@y.example",
) -> None:
    """The letter is kept, and the workers do all that follows from it."""
    wait(settings, raw, recipient=recipient, sender=sender)
    work(app)


def wait(
    settings: config.Settings,
    *raw: bytes,
    recipient: str = "PomocTARGIT@pomoc.example",
    sender: str = "x@y.example",
) -> None:
    """The letters are kept, and nobody has read them yet."""
    receiver = Receiver(settings)
    for letter in raw:
        receiver.keep(letter, Envelope((recipient,), "smtp", sender))
    receiver.close()


def work(app: Flask) -> None:
    """What the workers do until nothing is due."""
    while sum(drain_in(app, queue) for queue in ("intake", "index", "letters")):
        pass


def sent(outgoing: Path, to: str | None = None) -> list[Message]:
    """The letters that went out, in order; only those to one reader."""
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(outgoing.glob("*.eml"))]
    return [message for message in found if to is None or to in str(message["To"])]


def text_of(message: Message) -> str:
    """The plain part of a letter."""
    body = message.get_body(("plain",))  # type: ignore[attr-defined]  # of EmailMessage
    return str(body.get_content())
