"""People who write and read letters with a mail program; their letters travel by SMTP."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from flask import Flask

from app.mail.headers import ids
from app.models.types import utc_now
from tests.mail.letters import sent, text_of, work

REPLY = {"pl": "Odp: ", "en": "Re: "}
WROTE = {"pl": "W dniu 27.11.2026 o 10:00, {} pisze:", "en": "On Fri, Nov 27, 2026 at 10:00 AM {} wrote:"}


class Office:
    """The desk's post: letters in by the listener, out as the files that it keeps without a relay."""

    def __init__(self, app: Flask, port: int, outgoing: Path) -> None:
        self.app = app
        self.port = port
        self.outgoing = outgoing

    def take(self, letter: EmailMessage) -> None:
        """Hand a letter over by SMTP, as an MTA does; the workers do all that follows."""
        with smtplib.SMTP("127.0.0.1", self.port) as server:
            assert server.send_message(letter) == {}
        work(self.app)

    def letters_to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in sent(self.outgoing, address) if isinstance(letter, EmailMessage)]


class Writer:
    """Somebody with an address and a mail program of his language."""

    def __init__(self, office: Office, address: str, name: str, language: str) -> None:
        self.office = office
        self.address = address
        self.name = name
        self.language = language
        self.read: list[EmailMessage] = []
        self.written: list[EmailMessage] = []

    def write(self, to: str, subject: str, text: str) -> EmailMessage:
        letter = self._letter(to, subject, text)
        self._send(letter)
        return letter

    def answer(self, letter: EmailMessage, text: str) -> EmailMessage:
        """As mail programs answer: to Reply-To, on the same thread, with what is answered quoted below."""
        sender = letter["From"].addresses[0].addr_spec
        quoted = "\n".join(f"> {line}" for line in text_of(letter).splitlines())
        body = f"{text}\n\n{WROTE[self.language].format(sender)}\n{quoted}\n"
        answer = self._letter(str(letter["Reply-To"] or sender), f"{REPLY[self.language]}{letter['Subject']}", body)
        answer["In-Reply-To"] = letter["Message-ID"]
        answer["References"] = " ".join(filter(None, (letter["References"], letter["Message-ID"])))
        self._send(answer)
        return answer

    def news(self) -> list[EmailMessage]:
        """The letters that came since the last look."""
        work(self.office.app)
        found = self.office.letters_to(self.address)
        fresh = found[len(self.read) :]
        self.read = found
        return fresh

    def one_letter(self) -> EmailMessage:
        """The only letter that came since the last look."""
        (letter,) = self.news()
        return letter

    def known_ids(self) -> list[str]:
        """The Message-IDs that this person's mail program has seen."""
        return [str(letter["Message-ID"]) for letter in (*self.read, *self.written)]

    def _letter(self, to: str, subject: str, text: str) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = f"{self.name} <{self.address}>"
        letter["To"] = to
        letter["Subject"] = subject
        letter["Date"] = format_datetime(utc_now())
        letter["Message-ID"] = make_msgid(domain=self.address.partition("@")[2])
        letter.set_content(text)
        return letter

    def _send(self, letter: EmailMessage) -> None:
        self.written.append(letter)
        self.office.take(letter)


def references(letter: EmailMessage) -> list[str]:
    return [f"<{name}>" for name in ids((str(letter["References"] or ""),))]


def check_headers(
    letter: EmailMessage, reader: Writer, *, answers: EmailMessage, automatic: str | None, beside: Writer | None = None
) -> None:
    """What every letter about ticket 1001 must carry, so that the thread holds in both directions.

    `beside` is somebody else whose letters the thread may name: the customer, where a consultant reads.
    """
    known = reader.known_ids() + (beside.known_ids() if beside else [])
    assert str(letter["Subject"]).startswith("[#1001] ")
    assert [address.addr_spec for address in letter["To"].addresses] == [reader.address]
    assert letter["From"].addresses[0].addr_spec == "PomocDYNAMICS@pomoc.example"
    assert letter["Auto-Submitted"] == automatic
    assert str(letter["Reply-To"]).startswith("PomocDYNAMICS+t1001.")
    assert letter["Date"].datetime is not None
    assert reader.known_ids().count(str(letter["Message-ID"])) == 1
    assert letter["In-Reply-To"] == answers["Message-ID"]
    assert str(answers["Message-ID"]) in references(letter)
    assert set(references(letter)) <= set(known)
    assert str(letter["Message-ID"]) not in references(letter)
    assert letter.get_body(("plain",)) is not None
    assert letter.get_body(("html",)) is not None


def language_of(letter: EmailMessage) -> str:
    """The language that the letter says of itself."""
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content()).partition('lang="')[2][:2]


def link_in(letter: EmailMessage, beginning: str) -> str:
    """The address in the letter whose path begins so."""
    return next(word for word in text_of(letter).split() if f"://localhost:8000{beginning}" in word)
