"""What a consultant forwards is its first author's; who is in copy takes part once somebody lets him in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

import config
from app.events.transaction import transaction
from app.extensions import db
from app.mail.forwarded import first_authors
from app.mail.parse import understand
from app.models.account import Account
from app.models.beside import CopiedPerson
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.ticket import Message, Participant, Ticket
from tests.mail.letters import arrive, letter, sent, trust_copies

JAN, TARGIT = "jan@pomoc.example", "PomocTARGIT@pomoc.example"
OUTLOOK = "Do obsługi.\n\n-----Oryginalna wiadomość-----\n"
GMAIL = "---------- Forwarded message ---------\nFrom: Anna Nowak <anna@klient.example>\nDate: Fri, 6 Nov 2026\n\nx"
HEADERS = (
    "Od: Anna Nowak <anna@klient.example>\nWysłano: piątek, 6 listopada 2026 10:00\nDo: Jan\nTemat: Raport\n\nPusty.\n"
)


@pytest.fixture(autouse=True)
def _jan(app: Flask, make_account: Callable[..., int]) -> None:
    make_account(JAN, role="consultant", groups=("TARGIT",), name="Jan Kos")
    trust_copies(app)


def attached(inner: bytes, kind: str = "message/rfc822") -> bytes:
    return (
        (
            f"From: {JAN}\r\nTo: {TARGIT}\r\nSubject: PD: Raport\r\nMessage-ID: <a@pomoc>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nDo nas.\r\n--b\r\n"
            f"Content-Type: {kind}\r\n\r\n"
        ).encode()
        + inner
        + b"\r\n--b--\r\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OUTLOOK + HEADERS, "anna@klient.example"),
        (GMAIL, "anna@klient.example"),
        ("From: Anna [mailto:Anna@Klient.example]\nSent: Friday\nTo: Jan\nSubject: x\n\nx", "anna@klient.example"),
        (f"Od: Wsparcie <{TARGIT}>\nDo: Anna\nTemat: x\n\n{HEADERS}", "anna@klient.example"),
        ("*Od:* anna@klient.example\n*Data:* 6 listopada\n\nx", "anna@klient.example"),
        ("Od: Anna Nowak\n <anna@klient.example>\nWysłano: piątek\nDo: Jan\nTemat: x\n\nx", "anna@klient.example"),
        ("Dnia 6 listopada 2026 10:00 Anna Nowak <anna@klient.example> napisał(a):\n\nx", "anna@klient.example"),
        ("W dniu 6 lis 2026 o 10:00 użytkownik Anna\n<anna@klient.example> napisał:\n\n> x", "anna@klient.example"),
        ("Od: poniedziałku nie działa.\nTemat jest pilny.", None),
        ("Od: Anna\nDo: Jan\nTemat: x", None),
        ("Bez nagłówka.", None),
    ],
)  # fmt: skip
def test_the_author_of_what_is_forwarded(text: str, expected: str | None) -> None:
    found = first_authors(understand(letter(subject="PD: x", text=text)), {TARGIT.lower()})
    assert (found[0].address if found else None) == expected


def test_the_address_of_the_first_author_may_stand_only_in_a_link() -> None:
    linked = '<a href="mailto:anna@klient.example"><span>Anna Nowak</span></a>'
    source = f"<b>Od:</b> {linked}<br><b>Do:</b> Jan<br><b>Temat:</b> x<p>y</p>"
    raw = f"From: {JAN}\r\nSubject: PD: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n{source}".encode()
    found = first_authors(understand(raw), {TARGIT.lower()})
    assert [(each.name, each.address) for each in found] == [("Anna Nowak", "anna@klient.example")]


@pytest.mark.parametrize("how", ["in its text", "attached", "attached as a file", "by a colleague"])
def test_a_consultant_forwards_for_the_customer(
    app: Flask, settings: config.Settings, outgoing: Path, browser_of: Callable[[str], Any], how: str,
    make_account: Callable[..., int],
) -> None:  # fmt: skip
    """Anna is told, and nothing proves that she wrote it."""
    quoted = letter(sender=f"Jan <{JAN}>", subject="PD: Raport", text=OUTLOOK + HEADERS)
    inner = letter(message_id="<0@klient.example>")
    if how == "by a colleague":
        make_account("ewa@pomoc.example", role="consultant", groups=("DYNAMICS",))
        before = HEADERS.replace("Anna Nowak <anna@klient.example>", "Ewa <ewa@pomoc.example>")
        quoted = letter(sender=f"Jan <{JAN}>", subject="PD: Raport", text=f"{OUTLOOK}{before}\n{HEADERS}")
    raw = {"attached": attached(inner), "attached as a file": attached(inner, 'application/x; name="Raport.eml"')}
    arrive(app, settings, raw.get(how, quoted))
    with app.app_context():
        ticket = db.session.scalars(select(Ticket)).one()
        assert (ticket.requester.email, ticket.requester.name) == ("anna@klient.example", "Anna Nowak")
        message = ticket.messages[0]
        assert (message.author and message.author.email, message.verified) == ("anna@klient.example", False)
        assert ticket.events[0].actor.email == JAN
    assert [str(mail["Subject"]) for mail in sent(outgoing, "anna@klient.example")]
    assert "przekazał je konsultant" in browser_of(JAN).get("/desk/tickets/1001").text


def test_only_a_consultant_of_the_group_does(
    app: Flask, settings: config.Settings, make_account: Callable[..., int]
) -> None:
    make_account("bob@beta.example", organisation="Beta")
    make_account("ewa@pomoc.example", role="consultant", groups=("DYNAMICS",))
    for number, sender in enumerate(("bob@beta.example", "obcy@nikt.example", "ewa@pomoc.example")):
        raw = letter(sender=sender, subject="PD: Raport", text=OUTLOOK + HEADERS, message_id=f"<{number}@x>")
        arrive(app, settings, raw)
    with app.app_context():
        assert {ticket.requester.email for ticket in db.session.scalars(select(Ticket))} == {
            *("bob@beta.example", "obcy@nikt.example", "ewa@pomoc.example")
        }


def test_an_unproven_consultant_makes_nobody_a_customer(app: Flask, settings: config.Settings) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Mailbox).values(trusts_marks=False))
    arrive(app, settings, letter(sender=JAN, subject="PD: Raport", text=OUTLOOK + HEADERS))
    with app.app_context():
        assert [ticket.requester.email for ticket in db.session.scalars(select(Ticket))] == [JAN]


def test_what_he_forwards_from_a_ticket_is_never_sent_to_the_customer(
    app: Flask, settings: config.Settings, outgoing: Path
) -> None:
    trust_copies(app)
    arrive(app, settings, letter())
    own, before = sent(outgoing, JAN)[0], len(sent(outgoing, "anna@klient.example"))
    raw = letter(sender=JAN, subject="PD: nowe zgłoszenie", text="Zobaczcie, co za klient.", message_id="<f@x>",
                 references=str(own["Message-ID"]))  # fmt: skip
    arrive(app, settings, raw)
    with app.app_context():
        assert [row.kind for row in db.session.scalars(select(Message).order_by(Message.id))] == ["customer", "note"]
    assert len(sent(outgoing, "anna@klient.example")) == before


def test_who_is_in_copy_is_let_in_by_one_click(
    app: Flask, settings: config.Settings, outgoing: Path, browser_of: Callable[[str], Any]
) -> None:
    copies = f"Ola <ola@trzeci.example>, Piotr <piotr@trzeci.example>, {JAN}, {TARGIT}"
    arrive(app, settings, letter(cc=copies))
    with app.app_context():
        assert {row.email for row in db.session.scalars(select(CopiedPerson))} == {
            *("ola@trzeci.example", "piotr@trzeci.example", JAN)
        }
        assert db.session.scalars(select(Participant)).all() == []
    jan = browser_of(JAN)
    page = jan.get("/desk/tickets/1001").text
    assert "Wpuść: ola@trzeci.example" in page
    assert f"Wpuść: {JAN}" not in page
    jan.submit("/desk/tickets/1001", {}, form="//form[contains(@action,'let-in')][input[@value='ola@trzeci.example']]")
    jan.submit("/desk/tickets/1001", {}, form="//form[contains(@action,'leave-out')]")
    assert "Wpuść" not in jan.get("/desk/tickets/1001").text
    with app.app_context():
        assert [row.account.email for row in db.session.scalars(select(Participant))] == ["ola@trzeci.example"]
    arrive(app, settings, letter(sender="ola@trzeci.example", subject="Re: [#1001] x", message_id="<2@x>", text="Ola"))
    with app.app_context():
        row = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
        assert (row.outcome, (row.evidence or [{}])[0]["who"]) == ("message", "participant")
        assert db.session.scalars(select(Account).where(Account.email == "piotr@trzeci.example")).first() is None
