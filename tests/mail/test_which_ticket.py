"""Every way in which a letter can point to a ticket, on one desk: where it lands, by which evidence, whose it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app.desk import joining, tickets
from app.desk.participants import let_in
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.drain import drain_in
from app.mail import marks
from app.models.account import Account
from app.models.beside import CopiedPerson
from app.models.journal import JournalEntry
from app.models.ticket import Message, Ticket
from app.models.ticket_link import TicketLink
from app.models.types import utc_now
from tests.mail.letters import arrive, letter, sent, trust_copies, wait

TARGIT, DYNAMICS = "PomocTARGIT@pomoc.example", "PomocDYNAMICS@pomoc.example"
ANNA, PIOTR, EWA, OLA = "anna@klient.example", "piotr@klient.example", "ewa@inny.example", "ola@trzeci.example"
BOB, OBCY, JAN = "bob@beta.example", "obcy@nikt.example", "jan@pomoc.example"
HEAD = (
    "\n\n-----Oryginalna wiadomość-----\nOd: Wsparcie <{}>\nWysłano: 2 listopada 2026 10:00\nDo: Anna\n"
    "Temat: Raport\n\n"
)
INDEX = "AQHZ" + "A" * 28


@pytest.fixture
def desk(app: Flask, settings: config.Settings, outgoing: Path, make_account: Callable[..., int]) -> dict[str, str]:
    """Anna's tickets: 1001 and 1003 (merged into it) in TARGIT, 1002 in DYNAMICS, 1004 closed long ago. Piotr is her
    colleague, Ewa takes part in 1001, Ola was in copy of it, Jan answers, Bob belongs to another company."""
    trust_copies(app)
    for email in (ANNA, PIOTR):
        make_account(email, organisation="Klient", name="Anna Nowak" if email == ANNA else "Piotr Lis")
    make_account(EWA)
    make_account(OLA)
    make_account(BOB, organisation="Beta")
    make_account(JAN, role="consultant", groups=("TARGIT", "DYNAMICS"))
    arrive(app, settings, letter(message_id="<1@klient.example>", references="<pytanie@klient.example>"))
    arrive(app, settings, letter(message_id="<2@klient.example>", to=DYNAMICS), recipient=DYNAMICS)
    for number in (3, 4):
        arrive(app, settings, letter(message_id=f"<{number}@klient.example>", thread_index=INDEX[:-1] + str(number)))
    with app.app_context(), transaction():
        first, third, fourth = (db.session.get_one(Ticket, number) for number in (1, 3, 4))
        jan = _account(JAN)
        let_in(first, _account(EWA), by=jan)
        joining.merge(third, into=first, by=jan)
        tickets.close(fourth, by=jan)
        fourth.closed_at = utc_now() - timedelta(days=60)
        db.session.add(CopiedPerson(ticket_id=1, email=OLA))
    ours = sent(outgoing, ANNA)
    return {
        **{f"ack{number + 1}": str(mail["Message-ID"]) for number, mail in enumerate(ours[:4])},
        "copy": str(sent(outgoing, JAN)[0]["Message-ID"]),
        **{f"to{number}": marks.reply_address(TARGIT, number, _key(app)) for number in (1001, 1002)},
        **{f"mark{number}": marks.written_mark(number, _key(app)) for number in (1001, 1002)},
        "forged": f"PomocTARGIT+t1001.{'a' * 16}@pomoc.example",
    }


def _key(app: Flask) -> bytes:
    return str(app.extensions["settings"].secret_key).encode()


def _account(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).unique().one()


Situation = tuple[str, dict[str, Any], tuple[str, int | None, str | None, str | None]]


def situations(d: dict[str, str]) -> list[Situation]:
    """Name, letter, and (outcome, ticket or the one beside it, how, what the sender is there)."""

    def re(subject: str = "Re: Raport", **more: Any) -> dict[str, Any]:
        return {"subject": subject, **more}

    quoted = f"Nadal pusto.{HEAD.format(TARGIT)}Przyjęliśmy zgłoszenie.\n\nWsparcie\n{d['mark1001']}\n"
    forwarded = quoted.replace("Nadal pusto.", "Do wiadomości.")
    here = "message"
    new = ("ticket", None, None, None)
    return [
        ("In-Reply-To", re(in_reply_to=d["ack1"]), (here, 1001, "message_id", "requester")),
        ("References only", re(references=f"<x@y> {d['ack1']}"), (here, 1001, "references", "requester")),
        ("In-Reply-To before References", re(in_reply_to=d["ack2"], references=d["ack1"]),
         (here, 1002, "message_id", "requester")),
        ("newest of References", re(references=f"{d['ack1']} {d['ack2']}"), (here, 1002, "references", "requester")),
        ("her letter nearer than ours", re(in_reply_to="<2@klient.example>", references=d["ack1"]),
         (here, 1002, "message_id_of_customer", "requester")),
        ("ours nearer than her letter", re(in_reply_to=d["ack1"], references="<2@klient.example>"),
         (here, 1001, "message_id", "requester")),
        ("id in capitals", re(in_reply_to=d["ack1"].upper()), (here, 1001, "message_id", "requester")),
        ("plus address in To", re(to=d["to1001"]), (here, 1001, "address", "requester")),
        ("plus address in Cc", re(cc=d["to1001"]), (here, 1001, "address", "requester")),
        ("plus address in Delivered-To", re(delivered_to=d["to1001"]), (here, 1001, "address", "requester")),
        ("plus address in X-Original-To", re(x_original_to=d["to1001"]), (here, 1001, "address", "requester")),
        ("plus address of the envelope", re(recipient=d["to1001"]), (here, 1001, "address", "requester")),
        ("address before In-Reply-To", re(to=d["to1001"], in_reply_to=d["ack2"]),
         (here, 1001, "address", "requester")),
        ("forged plus address", re(to=d["forged"]), new),
        ("mark in the quoted body", re(text=quoted), (here, 1001, "body", "requester")),
        ("mark in a quoted address", re(text=f"Nadal.{HEAD.format(d['to1001'])}Przyjęliśmy."),
         (here, 1001, "body", "requester")),
        ("mark in HTML alone", re(html=f"<p>Nadal pusto.</p><blockquote>Wsparcie<br>{d['mark1001']}</blockquote>"),
         (here, 1001, "body", "requester")),
        ("References before the body", re(references=d["ack2"], text=quoted), (here, 1002, "references", "requester")),
        ("number by the requester", re("Odp: [#1001] Raport"), (here, 1001, "subject", "requester")),
        ("number by a participant", re("ODP: [#1001] Raport", sender=EWA), (here, 1001, "subject", "participant")),
        ("number by a colleague", re("Re: [#1001] Raport", sender=PIOTR), (here, 1001, "subject", "colleague")),
        ("number by who was in copy", re("Odp.: [#1001] Raport", sender=OLA), (here, 1001, "subject", "copied")),
        ("number by another company", re("Re: [#1001] Raport", sender=BOB), ("ticket", 1001, "subject", "stranger")),
        ("number by a stranger", re("Re: [#1001] Raport", sender=OBCY), ("ticket", 1001, "subject", "stranger")),
        ("number by a consultant", re("Re: [#1001] Raport", sender=JAN), ("not_sure", 1001, None, None)),
        ("number that no ticket has", re("Re: [#9999] Raport"), new),
        ("the same subject only", re("Re: Raport nie działa"), new),
        ("body before the number", re("Re: [#1002] Raport", text=quoted), (here, 1001, "body", "requester")),
        ("sibling by a colleague", re(sender=PIOTR, in_reply_to="<pytanie@klient.example>"),
         (here, 1001, "sibling", "colleague")),
        ("sibling who writes to the requester", re(sender=BOB, cc=ANNA, references="<pytanie@klient.example>"),
         (here, 1001, "sibling", "stranger")),
        ("sibling who does not", re(sender=OBCY, references="<pytanie@klient.example>"),
         ("ticket", 1001, "sibling", "stranger")),
        ("sibling elsewhere", re(sender=PIOTR, references="<pytanie@klient.example>", recipient=DYNAMICS), new),
        ("PD: to another mailbox", re("PD: Raport", references=d["ack1"], recipient=DYNAMICS),
         ("ticket", 1001, "forwarded", "requester")),
        ("WG: to another mailbox", re("WG: Raport", in_reply_to=d["ack1"], recipient=DYNAMICS),
         ("ticket", 1001, "forwarded", "requester")),
        ("Fwd: by a stranger elsewhere", re("Fwd: Raport", sender=OBCY, references=d["ack1"], recipient=DYNAMICS),
         ("ticket", 1001, "forwarded", "stranger")),
        ("PD: to its own mailbox", re("PD: Raport", references=d["ack1"]), (here, 1001, "references", "requester")),
        ("PD: with the quote only", re("PD: Raport", text=forwarded), ("ticket", 1001, "forwarded", "requester")),
        ("to a merged ticket", re(in_reply_to=d["ack3"]), (here, 1003, "message_id", "requester")),
        ("to her letter of a merged one", re(in_reply_to="<3@klient.example>"),
         (here, 1003, "message_id_of_customer", "requester")),
        ("to one closed long ago", re(in_reply_to=d["ack4"]), ("ticket", 1004, "message_id", "requester")),
        ("a foreign desk's number", re("Re: [#77] Sprawa", in_reply_to="<abc@inny-desk.example>"), new),
        ("our letter about no ticket", re(in_reply_to=marks.letter_message_id(1, None, "pomoc.example", b"k")), new),
        ("reused Message-ID", re("Nowa sprawa", message_id="<1@klient.example>", text="Coś innego"), new),
        ("no Message-ID", re("Bez numeru", message_id=None), new),
        ("a stranger with our mark", re(sender=OBCY, in_reply_to=d["ack1"]), (here, 1001, "message_id", "stranger")),
        ("a consultant with his own copy", re(sender=JAN, in_reply_to=d["copy"]),
         (here, 1001, "message_id", "consultant")),
        ("a consultant with her copy", re(sender=JAN, in_reply_to=d["ack1"]), ("not_sure", 1001, None, None)),
        ("Outlook's conversation", re("Inny temat", sender=BOB, thread_index=INDEX[:-1] + "9"),
         ("ticket", 1004, "conversation", "stranger")),
    ]  # fmt: skip


def test_each_letter_lands_by_its_strongest_evidence(
    app: Flask, settings: config.Settings, desk: dict[str, str]
) -> None:
    table = situations(desk)
    assert len(table) >= 40
    found = {name: _placed(app, settings, number, said) for number, (name, said, _expected) in enumerate(table)}
    assert found == {name: expected for name, _said, expected in table}


def _placed(app: Flask, settings: config.Settings, number: int, said: dict[str, Any]) -> tuple[Any, ...]:
    said = {"message_id": f"<nowy-{number}@klient.example>", "text": f"Sprawa {number}", **said}
    recipient, html = said.pop("recipient", TARGIT), said.pop("html", None)
    raw = letter(**said)
    if html:
        raw = raw.replace(b"text/plain", b"text/html").replace(said["text"].encode(), html.encode())
    wait(settings, raw, recipient=recipient)
    drain_in(app, "intake")
    with app.app_context():
        row = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
        pointer = (row.evidence or [{}])[0]
        named = pointer.get("ticket") or (row.ticket.number if row.outcome == "not_sure" and row.ticket else None)
        return (row.outcome, named, pointer.get("how"), pointer.get("who"))


def test_what_is_linked_followed_and_delivered_twice(
    app: Flask, settings: config.Settings, desk: dict[str, str]
) -> None:
    """A merged ticket's reply goes on in the surviving one; a late one follows; a forwarded one is linked for whoever
    sees both; one letter to two mailboxes is one message."""

    def come(recipient: str = TARGIT, **said: Any) -> None:
        wait(settings, letter(**said), recipient=recipient)
        drain_in(app, "intake")

    come(message_id="<a@x>", in_reply_to=desk["ack3"], text="Do złączonego")
    come(message_id="<b@x>", in_reply_to=desk["ack4"], text="Po latach")
    come(DYNAMICS, message_id="<c@x>", references=desk["ack1"], subject="PD: Raport", text="Przekazuję")
    come(DYNAMICS, message_id="<d@x>", references=desk["ack1"], subject="Fwd: x", sender=OBCY, text="Obcy")
    come(message_id="<e@x>", subject="Do obu", text="Raz")
    come(DYNAMICS, message_id="<e@x>", subject="Do obu", text="Raz")
    with app.app_context():
        where = dict(db.session.execute(select(Message.text, Ticket.number).join(Message.ticket)).all())
        assert where["Do złączonego"] == 1001
        links = {
            (row.from_ticket.number, row.to_ticket.number, row.kind) for row in db.session.scalars(select(TicketLink))
        }
        assert (where["Po latach"], 1004, "follows") in links
        assert (where["Przekazuję"], 1001, "forwarded") in links
        assert where["Obcy"] not in {number for number, _other, _kind in links}
        ends = [(row.outcome, row.reason) for row in db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))]
        assert ends[-2:] == [("ticket", None), ("message", "twice")]


def test_the_page_says_why_each_message_is_there(
    app: Flask, settings: config.Settings, desk: dict[str, str], browser_of: Callable[[str], Any]
) -> None:
    wait(settings, letter(message_id="<a@x>", in_reply_to=desk["ack1"], sender=EWA))
    wait(settings, letter(message_id="<b@x>", subject="Re: [#1001] x", sender=OBCY))
    drain_in(app, "intake")
    with app.app_context():
        number = db.session.scalars(select(Ticket.number).order_by(Ticket.id.desc()).limit(1)).one()
    jan = browser_of(JAN)
    assert "nasz znak w In-Reply-To; nadawca jest uczestnikiem" in jan.get("/desk/tickets/1001").text
    page = jan.get(f"/desk/tickets/{number}").text
    assert "numer w temacie; nadawca nie bierze udziału" in page
    assert 'href="/desk/tickets/1001"' in page
