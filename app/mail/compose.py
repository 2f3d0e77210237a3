"""A letter row becomes a letter: text and HTML in its reader's language, and headers that hold the thread together."""

from __future__ import annotations

import logging
import re
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

import flask_mail
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_mail import Message as FlaskMessage
from jinja2 import Template

import config
from app.desk.branding import branding
from app.files.store import Damaged, FileStore
from app.locale import DEFAULT_LANGUAGE, SPOKEN, called, in_zone
from app.mail import guard, marks, mime, texts, wishes
from app.mail.content import TRIAL, Wording, absolute, is_trial
from app.mail.correspondence import Correspondence
from app.mail.readers import has_portal
from app.mail.signing import signature
from app.mail.source import Values, written
from app.mail.values import values
from app.mail.why import why
from app.mail.wording import with_words, wording
from app.models.event import Letter
from app.models.ticket import Attachment

# What could begin a header line of its own, or turn a name around, in any parser.
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
SPECIALS = re.compile(r'[()<>\[\]:;@\\,"]')
REPLIES = ("acknowledgement", "too_large")  # to a letter, by the desk itself (RFC 3834 section 5)
MOST_REFERENCES = 20
LONGEST_SUBJECT = 200
LARGEST_ENCLOSURES = 10 * 2**20  # bytes; most mail servers refuse letters much larger
log = logging.getLogger(__name__)
flask_mail.make_msgid = lambda: ""  # Ours have a Message-ID; its own asks DNS for this machine's name, for each letter.
ENCLOSABLE = re.compile(r"(application|audio|font|image|text|video)/[\w.+-]+", re.ASCII)


class Unsendable(ValueError):
    """The reader's address cannot stand in a letter."""


class MailMessage(FlaskMessage):
    """Flask-Mail's, written by app/mail/mime: its own leaves lines longer than the 998 octets of RFC 5322."""

    def as_bytes(self) -> bytes:
        head = [
            mime.address_header("From", self.sender),
            mime.address_header("To", *self.recipients),
            *([mime.address_header("Reply-To", self.reply_to)] if self.reply_to else ()),
            mime.header("Subject", self.subject),
            mime.header("Date", formatdate(self.date, localtime=True)),
            mime.header("Message-ID", self.msgId),
            *(mime.header(name, value) for name, value in (self.extra_headers or {}).items()),
            b"MIME-Version: 1.0\r\n",
        ]
        texts = [mime.text_part("plain", self.body or ""), mime.text_part("html", self.html or "")]
        body = mime.multipart("alternative", texts)
        if self.attachments:
            body = mime.multipart("mixed", [body, *(mime.file_part(file) for file in self.attachments)])
        raw = b"".join([*head, body])
        address = self.sender[1] if isinstance(self.sender, tuple) else self.sender
        return signature(raw, address, _settings()) + raw


def compose(letter: Letter, correspondence: Correspondence | None = None) -> MailMessage:
    """The letter, ready to send; composing it again gives the same Message-ID. Tokens in it are made now."""
    correspondence = correspondence or Correspondence([letter])
    address = _address(letter, correspondence)
    with force_locale(_language_of(letter)), in_zone(letter.account.timezone):
        content = wording(letter)
        name = _sender_name(letter)
        said = _said(letter, content, name)
        message = MailMessage(
            subject=_subject(letter, content),
            recipients=[_recipient(letter)],
            body=_template("letter.txt").render(said),
            html=_template("letter.html").render(said),
            sender=address,
            reply_to=_reply_to(letter, address),
            extra_headers=_headers(letter, content, correspondence),
        )
    message.sender = (_display_name(name), address)
    message.msgId = _message_id(letter, address)
    if not has_portal(letter.account):
        _enclose(message, content.files)
    return message


def trial(letter: Letter, source: str, language: str) -> str:
    """The letter with these words, to be looked at: its HTML below its subject. Raises Unreadable."""
    with force_locale(language), in_zone(letter.account.timezone):
        return _looked_at(letter, with_words(letter, written(source, values(letter))))


def sample(letter: Letter, source: str, language: str, said: Values) -> str:
    """The letter with these words and sample values, for who may see no ticket. Raises Unreadable."""
    with force_locale(language), in_zone(letter.account.timezone):
        text = written(source, said)
        return _looked_at(letter, Wording(text.subject, text.paragraphs, footer=text.footer))


def again(letter: Letter) -> str:
    """The same of a letter as it would leave now. Raises ValueError where what it tells of is gone."""
    with force_locale(_language_of(letter)), in_zone(letter.account.timezone):
        return _looked_at(letter, wording(letter))


def _looked_at(letter: Letter, content: Wording) -> str:
    """Whoever asks takes back what making it has put into the session: links, which this look must not open."""
    said = _said(letter, content, _sender_name(letter))
    return _template("letter.html").render(said, subject=_subject(letter, content))


def _enclose(message: MailMessage, files: list[Attachment]) -> None:
    """The files themselves, for a reader who has no page for them; too large and damaged ones are only named."""
    store: FileStore = current_app.extensions["files"]
    if sum(file.size for file in files) > LARGEST_ENCLOSURES:
        return
    for file in files:
        kind = file.content_type if ENCLOSABLE.fullmatch(file.content_type) else "application/octet-stream"
        try:
            message.attach(header_value(file.name), kind, store.get(file.sha256))
        except Damaged:
            log.error("File %s is damaged: a letter leaves without it", file.sha256)


def header_value(text: str) -> str:
    """Text that is safe as a header's value: one line, without control and direction characters."""
    return " ".join(UNFIT.sub(" ", text).split())


def _display_name(name: str) -> str:
    """A name beside an address, without the signs that addresses are made of (RFC 5322 section 3.2.3)."""
    return header_value(SPECIALS.sub(" ", name))


def _recipient(letter: Letter) -> str | tuple[str, str]:
    """Raises Unsendable."""
    account = letter.account
    name = _display_name(account.name) if account.name != account.email else ""
    try:
        address = mime.as_it_travels(account.email)
        mime.address_header("To", address)
    except ValueError as error:
        raise Unsendable(_("No letter can be sent to this address: %(address)s", address=account.email)) from error
    return (name, address) if name else address


def _message_id(letter: Letter, address: str) -> str:
    number = letter.ticket.number if letter.ticket else None
    return marks.letter_message_id(letter.id, number, address.rpartition("@")[2], _key())


def _address(letter: Letter, correspondence: Correspondence) -> str:
    """The address that a letter comes from: the product group's mailbox, or the desk's own."""
    own = correspondence.address_of(letter.ticket) if letter.ticket else (letter.answer or {}).get("mailbox")
    return mime.as_it_travels(own or _settings().mail_default_sender)


def _sender_name(letter: Letter) -> str:
    look, group = branding(), called(letter.ticket.product_group) if letter.ticket else ""
    if look.has_own_name:
        return f"{look.name} {group}".strip()
    return str(_("Support %(group)s", group=group) if group else _("Support"))


def _subject(letter: Letter, content: Wording) -> str:
    subject = header_value(content.subject)[:LONGEST_SUBJECT]
    return f"{marks.subject_tag(letter.ticket.number)} {subject}" if letter.ticket else subject


def _reply_to(letter: Letter, address: str) -> str | None:
    return marks.reply_address(address, letter.ticket.number, _key()) if letter.ticket else None


def _headers(letter: Letter, content: Wording, correspondence: Correspondence) -> dict[str, str]:
    headers = {}
    if not content.by_person:
        headers["Auto-Submitted"] = "auto-replied" if letter.template in REPLIES else "auto-generated"
        headers["X-Auto-Response-Suppress"] = "All"
    headers[guard.LOOP_HEADER.title()] = _settings().hostname
    answered, earlier = _thread(letter, correspondence)
    if earlier:
        headers["In-Reply-To"] = answered
        headers["References"] = " ".join(earlier)
    return headers


def _thread(letter: Letter, correspondence: Correspondence) -> tuple[str, list[str]]:
    """The letter that is answered, and all that it follows: those that came and ours to the same reader, in order."""
    came = [(at, _bracketed(name)) for at, name in correspondence.received(letter) if _is_fit(name)]
    if letter.answer and letter.answer["message_id"] and _is_fit(letter.answer["message_id"]):
        return _bracketed(letter.answer["message_id"]), [_bracketed(letter.answer["message_id"])]
    went = [(at, _bracketed(name)) for at, name in correspondence.sent_before(letter) if _is_fit(name)]
    names = [name for _at, name in sorted(came + went)]
    answered = max(came or went, default=(None, ""))[1]
    return answered, names[:1] + names[1:][-MOST_REFERENCES:]


def _is_fit(message_id: str) -> bool:
    """Whether somebody's Message-ID can stand in a header of ours."""
    return len(message_id) < 400 and not UNFIT.search(message_id)


def _bracketed(message_id: str) -> str:
    return message_id if message_id.startswith("<") else f"<{message_id}>"


def _template(name: str) -> Template:
    return current_app.jinja_env.get_template(f"letters/{name}")


def _said(letter: Letter, content: Wording, sender_name: str) -> dict[str, Any]:
    """What both of a letter's forms are made of."""
    look = branding()
    return {
        "w": content,
        "look": look,
        "logo": absolute(f"/look/{look.logo}") if look.logo else None,
        "subject": "",
        "files": _listed(letter, content),
        "greeting": _greeting(letter),
        "sender_name": sender_name,
        "why": why(letter),
        "word": wishes.told(letter, letter.ticket) if letter.ticket else None,
        "mark": marks.written_mark(letter.ticket.number, _key()) if letter.ticket else None,
        "lang": _language_of(letter),
    }


def _greeting(letter: Letter) -> str:
    """By the first name, but not in Polish, which would want its vocative."""
    name = letter.account.first_name
    return _("Hello %(name)s,", name=name) if name and _language_of(letter) != "pl" else _("Hello,")


def _listed(letter: Letter, content: Wording) -> list[tuple[str, str | None]]:
    """Each file's name and, for a reader who has the portal, its address."""
    linked = has_portal(letter.account)
    return [
        (header_value(file.name), absolute(f"/attachments/{file.id}/{quote(file.name, safe='')}") if linked else None)
        for file in content.files
    ]


def _language_of(letter: Letter) -> str:
    """The reader's language, or English where the letter is not written in it: no letter mixes two. A mail-only
    customer's is that of his ticket, a trial's that of its template."""
    if is_trial(letter):
        return letter.reason.removeprefix(TRIAL)
    account = letter.account
    if letter.answer:
        return str(letter.answer["language"])
    wanted = letter.ticket.language if letter.ticket and not account.is_registered else account.locale
    return texts.language_of(letter.template, wanted) if wanted in SPOKEN else DEFAULT_LANGUAGE


def _settings() -> config.Settings:
    settings: config.Settings = current_app.extensions["settings"]
    return settings


def _key() -> bytes:
    return _settings().secret_key.encode()
