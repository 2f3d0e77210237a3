"""A letter row becomes a letter: text and HTML in its reader's language, and headers that hold the thread together."""

from __future__ import annotations

import re
from email.charset import QP, Charset
from email.mime.text import MIMEText
from urllib.parse import quote

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_mail import Message as FlaskMessage
from sqlalchemy import select

import config
from app.extensions import db
from app.files.store import FileStore
from app.locale import DEFAULT_LANGUAGE, LANGUAGES
from app.mail import guard, marks
from app.mail.readers import has_portal
from app.mail.wording import Wording, absolute, wording
from app.models.event import Letter
from app.models.mailbox import Mailbox
from app.models.ticket import Attachment, Message, MessageKind, Ticket

# What could begin a header line of its own, or turn a name around, in any parser.
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')
MOST_REFERENCES = 20
LONGEST_SUBJECT = 200
LARGEST_ENCLOSURES = 10 * 2**20  # bytes; most mail servers refuse letters much larger
ENCLOSABLE = re.compile(r"(application|audio|font|image|text|video)/[\w.+-]+", re.ASCII)


class MailMessage(FlaskMessage):
    """Flask-Mail's, with bodies in quoted-printable: its own leave lines longer than the 998 octets of RFC 5322."""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        charset = Charset("utf-8")
        charset.body_encoding = QP
        return MIMEText(text or "", subtype, charset)  # type: ignore[arg-type]  # typeshed knows only its name


def compose(letter: Letter) -> MailMessage:
    """The letter, ready to send; composing it again gives the same Message-ID. Tokens in it are made now."""
    with force_locale(_language_of(letter)):
        content = wording(letter)
        name, address = sender_of(letter.ticket)
        message = MailMessage(
            subject=_subject(letter, content),
            recipients=[_recipient(letter)],
            body=_render("letter.txt", letter, content, name),
            html=_render("letter.html", letter, content, name),
            sender=address,
            reply_to=_reply_to(letter, address),
            extra_headers=_headers(letter, content),
        )
    message.sender = (_display_name(name), address)
    message.msgId = message_id_of(letter)
    if not has_portal(letter.account):
        _enclose(message, content.files)
    return message


def _enclose(message: MailMessage, files: list[Attachment]) -> None:
    """The files themselves, for a reader who has no page to fetch them from; too large ones are only named."""
    store: FileStore = current_app.extensions["files"]
    if sum(file.size for file in files) > LARGEST_ENCLOSURES:
        return
    for file in files:
        kind = file.content_type if ENCLOSABLE.fullmatch(file.content_type) else "application/octet-stream"
        message.attach(header_value(file.name), kind, store.path(file.sha256).read_bytes())


def header_value(text: str) -> str:
    """Text that is safe as a header's value: one line, without control and direction characters."""
    return " ".join(UNFIT.sub(" ", text).split())


def _display_name(name: str) -> str:
    """A name beside an address, without the signs that addresses are made of (RFC 5322 section 3.2.3)."""
    return header_value(SPECIALS.sub(" ", name))


def _recipient(letter: Letter) -> str | tuple[str, str]:
    account = letter.account
    name = _display_name(account.name) if account.name != account.email else ""
    return (name, account.email) if name else account.email


def message_id_of(letter: Letter) -> str:
    """The Message-ID of a letter of ours, by its row."""
    number = letter.ticket.number if letter.ticket else None
    return marks.letter_message_id(letter.id, number, sender_of(letter.ticket)[1].rpartition("@")[2], _key())


def sender_of(ticket: Ticket | None) -> tuple[str, str]:
    """The name and address that a letter comes from: the product group's mailbox, or the desk's own address."""
    default: str = _settings().mail_default_sender
    if ticket is None:
        return _("Support"), default
    mailbox = db.session.scalars(
        select(Mailbox)
        .where(Mailbox.product_group_id == ticket.product_group_id, Mailbox.active)
        .order_by(Mailbox.id)
        .limit(1)
    ).one_or_none()
    return _("Support %(group)s", group=ticket.product_group.name), mailbox.name if mailbox else default


def _subject(letter: Letter, content: Wording) -> str:
    subject = header_value(content.subject)[:LONGEST_SUBJECT]
    return f"{marks.subject_tag(letter.ticket.number)} {subject}" if letter.ticket else subject


def _reply_to(letter: Letter, address: str) -> str | None:
    return marks.reply_address(address, letter.ticket.number, _key()) if letter.ticket else None


def _headers(letter: Letter, content: Wording) -> dict[str, str]:
    headers = {}
    if not content.by_person:
        kind = "auto-replied" if letter.template == "acknowledgement" else "auto-generated"
        headers["Auto-Submitted"] = kind
        headers["X-Auto-Response-Suppress"] = "All"
    headers[guard.LOOP_HEADER.title()] = _settings().hostname
    answered, earlier = _thread(letter)
    if earlier:
        headers["In-Reply-To"] = answered
        headers["References"] = " ".join(earlier)
    return headers


def _thread(letter: Letter) -> tuple[str, list[str]]:
    """The letter that is answered, and all that it follows: those that came and ours to the same reader, in order."""
    if letter.ticket is None:
        return "", []
    received = db.session.execute(
        select(Message.arrived_at, Message.message_id).where(
            Message.ticket_id == letter.ticket_id,
            Message.message_id.is_not(None),
            Message.kind.in_([MessageKind.CUSTOMER, MessageKind.CONSULTANT]),
        )
    )
    sent = db.session.execute(
        select(Letter.created_at, Letter.message_id).where(
            Letter.ticket_id == letter.ticket_id,
            Letter.account_id == letter.account_id,
            Letter.message_id.is_not(None),
            Letter.id < letter.id,
        )
    )
    came = [(at, _bracketed(name)) for at, name in received if name and _is_fit(name)]
    went = [(at, _bracketed(name)) for at, name in sent if name and _is_fit(name)]
    names = [name for _at, name in sorted(came + went)]
    answered = max(came or went, default=(None, ""))[1]
    return answered, names[:1] + names[1:][-MOST_REFERENCES:]


def _is_fit(message_id: str) -> bool:
    """Whether somebody's Message-ID can stand in a header of ours."""
    return len(message_id) < 400 and not UNFIT.search(message_id)


def _bracketed(message_id: str) -> str:
    return message_id if message_id.startswith("<") else f"<{message_id}>"


def _render(template: str, letter: Letter, content: Wording, sender_name: str) -> str:
    greeting = _("Hello %(name)s,", name=letter.account.first_name) if letter.account.first_name else _("Hello,")
    return render_template(
        f"letters/{template}",
        w=content,
        files=_listed(letter, content),
        greeting=greeting,
        sender_name=sender_name,
        lang=_language_of(letter),
    )


def _listed(letter: Letter, content: Wording) -> list[tuple[str, str | None]]:
    """Each file's name and, for a reader who has the portal, its address."""
    linked = has_portal(letter.account)
    return [
        (header_value(file.name), absolute(f"/attachments/{file.id}/{quote(file.name, safe='')}") if linked else None)
        for file in content.files
    ]


def _language_of(letter: Letter) -> str:
    """The reader's language; a mail-only customer's is that of his ticket."""
    account = letter.account
    wanted = letter.ticket.language if letter.ticket and not account.is_registered else account.locale
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


def _settings() -> config.Settings:
    settings: config.Settings = current_app.extensions["settings"]
    return settings


def _key() -> bytes:
    return _settings().secret_key.encode()
