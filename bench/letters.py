"""Letters made up for measuring: plain, alternative, with an attachment, answers; in Polish and English."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from random import Random
from typing import NamedTuple

from app.demo.words import Writer

MAILBOXES = ("PomocDYNAMICS", "PomocPROPHIX", "PomocTARGIT", "PomocPOWERBI")
SENDERS = 400  # people; most write again, none so often that he would not be answered


def letters(count: int, seed: int = 1) -> list[tuple[str, str, bytes]]:
    """Sender, mailbox address and bytes of each letter."""
    random = Random(seed)
    writers = {language: Writer(language, random) for language in ("pl", "en")}
    return [_letter(number, writers["en" if number % 4 == 0 else "pl"], random) for number in range(count)]


def _letter(number: int, writer: Writer, random: Random) -> tuple[str, str, bytes]:
    person = random.randrange(SENDERS)
    sender = f"osoba{person}@firma{person % 40}.example"
    mailbox = f"{random.choice(MAILBOXES)}@pomoc.example"
    letter = EmailMessage(policy=SMTP)
    letter["From"] = f"Osoba {writer.name()} <{sender}>"
    letter["To"] = mailbox
    letter["Subject"] = writer.subject()
    letter["Date"] = "Mon, 16 Nov 2026 10:00:00 +0100"
    letter["Message-ID"] = f"<bench-{number}@firma.example>"
    text = "\n\n".join(writer.message() for _ in range(1 + number % 3))
    letter.set_content(f"{text}\n\n-- \n{writer.name()}\ntel. 000 000 000\n")
    if number % 2:
        paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
        letter.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    if number % 5 == 0:
        rows = "\n".join(f"{row};{random.random():.4f}" for row in range(800))
        letter.add_attachment(rows.encode(), maintype="text", subtype="csv", filename="zestawienie.csv")
    return sender, mailbox, letter.as_bytes()


class Lone(NamedTuple):
    """A letter of somebody who never wrote before and writes no other."""

    sender: str
    mailbox: str
    message_id: str
    raw: bytes


def lone_letter(number: int) -> Lone:
    """The one of that number, the same bytes whenever it is asked for."""
    sender, mailbox, message_id = (
        f"osoba{number}@firma.example",
        "PomocTARGIT@pomoc.example",
        f"lone-{number}@firma.example",
    )
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = f"Osoba {number} <{sender}>", mailbox
    letter["Subject"] = f"Raport {number} jest pusty"
    letter["Message-ID"] = f"<{message_id}>"
    letter.set_content(f"Dzień dobry, raport {number} jest pusty.")
    data = Random(number).randbytes(200)
    letter.add_attachment(data, maintype="application", subtype="octet-stream", filename="raport.bin")
    letter.set_boundary(f"lone-{number}")
    return Lone(sender, mailbox, message_id, letter.as_bytes())
