"""The not sure desk: a consultant reads what nobody could place, and decides once what becomes of it."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload
from werkzeug.test import TestResponse

import config
from app.events.transaction import transaction
from app.extensions import db
from app.mail.compose import compose
from app.mail.receive import Envelope, Receiver
from app.models.account import Account
from app.models.audit import AuditEntry
from app.models.event import Letter
from app.models.intake_rule import IntakeRule, RuleAct
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.ticket import Message, Ticket
from tests.browsing import Visitor, text_of
from tests.mail.letters import letter, wait, work
from tests.views.admin.conftest import Browser

TO_DYNAMICS, TO_TARGIT = "PomocDYNAMICS@pomoc.example", "PomocTARGIT@pomoc.example"
NOBODY = b"From: \r\nSubject: Awaria\r\nMessage-ID: <n@x.example>\r\n\r\nNie dzia=B3a.\r\n"
PRETENDED = letter(sender="Adam <adam@desk.example>", subject="Re: zapytanie", text="Tajna uwaga.", message_id="<p@x>")
VACATION = letter(
    subject="Automatyczna odpowiedź", text="Jestem na urlopie.", message_id="<v@x>", auto_submitted="auto-replied"
)


def not_sure(
    app: Flask, settings: config.Settings, raw: bytes, recipient: str = TO_DYNAMICS, sender: str = "x@y.example"
) -> int:
    """A letter that the rules left to a person; its row in the journal."""
    wait(settings, raw, recipient=recipient, sender=sender)
    work(app)
    with app.app_context():
        entry = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
        assert entry.outcome == "not_sure"
        return entry.id


def ended(app: Flask, entry_id: int) -> tuple[str, str | None, int | None]:
    with app.app_context():
        entry = db.session.get_one(JournalEntry, entry_id)
        return entry.outcome, entry.reason, entry.ticket.number if entry.ticket else None


def opened(app: Flask, settings: config.Settings, recipient: str = TO_DYNAMICS) -> int:
    """A customer's ticket, by its number."""
    wait(settings, letter(message_id=f"<{recipient}>"), recipient=recipient)
    work(app)
    with app.app_context():
        return db.session.scalars(select(Ticket.number).order_by(Ticket.id.desc()).limit(1)).one()


def said(app: Flask, number: int) -> list[tuple[str, str, str | None]]:
    with app.app_context():
        query = select(Message).join(Message.ticket).where(Ticket.number == number).order_by(Message.id)
        return [(m.kind, m.text, m.author.email if m.author else None) for m in db.session.scalars(query)]


def act(visitor: Visitor, entry_id: int, name: str, **typed: str) -> TestResponse:
    """Press the button, whether the page offers it or not."""
    token = visitor.page("/desk/journal/list/").xpath("//input[@name='csrf_token']/@value")[0]
    return visitor.post(f"/desk/journal/show/{entry_id}/{name}", data={"csrf_token": token, **typed})


def test_the_page_shows_how_the_letter_is_read(app: Flask, settings: config.Settings, jan: Visitor) -> None:
    page = text_of(jan.page(f"/desk/journal/show/{not_sure(app, settings, VACATION)}"))
    assert "Jestem na urlopie." in page
    assert "Automatyczna odpowiedź" in page


def test_what_was_refused_for_its_size_is_seen_with_the_reason(
    app: Flask, settings: config.Settings, jan: Visitor
) -> None:
    """Also where only the sender was known, as MAIL FROM announced the size."""
    receiver = Receiver(settings)
    receiver.keep_refused(letter(subject="Film z awarii"), Envelope((TO_DYNAMICS,), "smtp", "anna@klient.example"))
    receiver.keep_refused(b"", Envelope((), "smtp", "ktos@klient.example"))
    receiver.close()
    listed = text_of(jan.page("/desk/journal/list/").xpath("//table")[0])  # the filter names the reason too
    assert all(words in listed for words in ("Film z awarii", "anna@klient.example", "ktos@klient.example"))
    assert listed.count("Wiadomość jest większa, niż pozwala BILETY_LETTER_LIMIT.") == 2
    with app.app_context():
        refused = db.session.scalars(select(JournalEntry.id).where(JournalEntry.reason == "over_limit")).all()
    for entry in refused:
        assert "Została odrzucona" in text_of(jan.page(f"/desk/journal/show/{entry}"))


def test_a_ticket_is_made_of_a_letter_without_a_sender(app: Flask, settings: config.Settings, jan: Visitor) -> None:
    entry = not_sure(app, settings, NOBODY)
    shown = jan.page(f"/desk/journal/show/{entry}")
    group = shown.xpath("//select[@name='group']/option[@selected]/@value")[0]
    act(jan, entry, "ticket", group=group)
    assert "adres e-mail" in text_of(jan.page(f"/desk/journal/show/{entry}"))
    assert ended(app, entry)[0] == "not_sure"

    act(jan, entry, "ticket", group=group, sender="Nowa@Klient.example")
    outcome, _reason, number = ended(app, entry)
    assert outcome == "ticket"
    assert number is not None
    assert said(app, number)[0] == ("customer", "Nie dzia=B3a.", "nowa@klient.example")

    another = not_sure(app, settings, NOBODY.replace(b"dzia", b"zadzia"))
    act(jan, another, "file", number=str(number), sender="nowsza@klient.example")
    assert ended(app, another) == ("message", None, number)
    assert said(app, number)[1] == ("customer", "Nie zadzia=B3a.", "nowsza@klient.example")


def test_a_machines_letter_is_filed_and_wakes_nobody(app: Flask, settings: config.Settings, jan: Visitor) -> None:
    number, entry = opened(app, settings), not_sure(app, settings, VACATION)
    act(jan, entry, "file", number=f"#{number}")
    assert ended(app, entry) == ("automatic", None, number)
    assert said(app, number)[-1][:2] == ("system", "Jestem na urlopie.")


def test_a_letter_in_a_consultants_name_never_speaks_to_the_customer(
    app: Flask, settings: config.Settings, jan: Visitor
) -> None:
    number = opened(app, settings)
    with app.app_context():
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        raw = PRETENDED.replace(b"Re: zapytanie", f"Re: [#{ticket.number}] zapytanie".encode())
    entry = not_sure(app, settings, raw)
    act(jan, entry, "file", number=str(number))
    assert ended(app, entry) == ("message", None, number)
    assert said(app, number)[-1] == ("note", "Tajna uwaga.", "jan@desk.example")


def test_a_letter_is_decided_about_once(app: Flask, settings: config.Settings, jan: Visitor) -> None:
    number, entry = opened(app, settings), not_sure(app, settings, VACATION)
    act(jan, entry, "reject")
    assert ended(app, entry)[:2] == ("rejected", "by_hand")
    assert "jan@desk.example" in text_of(jan.page(f"/desk/journal/show/{entry}"))
    before = said(app, number)
    for name in ("file", "reject", "retry"):
        act(jan, entry, name, number=str(number))
        assert "o tej wiadomości" in text_of(jan.page(f"/desk/journal/show/{entry}"))
    assert said(app, number) == before
    assert ended(app, entry)[0] == "rejected"


def test_what_failed_is_read_again(app: Flask, settings: config.Settings, jan: Visitor) -> None:
    entry = not_sure(app, settings, VACATION)
    with app.app_context():
        found = db.session.get_one(JournalEntry, entry)
        path = app.extensions["files"].path(found.sha256)
    fine = path.read_bytes()
    path.unlink()
    act(jan, entry, "retry")
    work(app)
    assert ended(app, entry)[:2] == ("not_sure", "lost_file")
    assert "Nie pokazujemy" in text_of(jan.page(f"/desk/journal/show/{entry}"))
    path.write_bytes(fine)
    act(jan, entry, "retry")
    work(app)
    assert ended(app, entry)[:2] == ("not_sure", "automatic_alone")


@pytest.mark.parametrize("number", ["", "x", "999999", "-1", "٣", "9" * 30])
def test_a_number_that_is_no_ticket_of_his_is_said(
    app: Flask, settings: config.Settings, jan: Visitor, number: str
) -> None:
    entry = not_sure(app, settings, VACATION)
    act(jan, entry, "file", number=number)
    assert "numer zgłoszenia" in text_of(jan.page(f"/desk/journal/show/{entry}"))
    assert ended(app, entry)[0] == "not_sure"


def test_nobody_decides_about_another_groups_letters_or_tickets(
    app: Flask, settings: config.Settings, jan: Visitor, browser_of: Browser, people: dict[str, int]
) -> None:
    foreign_ticket, foreign = opened(app, settings, TO_TARGIT), not_sure(app, settings, VACATION, TO_TARGIT)
    own = not_sure(app, settings, NOBODY)
    assert act(jan, foreign, "reject").status_code == 404
    act(jan, own, "file", number=str(foreign_ticket), sender="nowa@klient.example")
    assert ended(app, own)[0] == ended(app, foreign)[0] == "not_sure"
    with app.app_context():
        assert db.session.scalar(select(Account).where(Account.email == "nowa@klient.example")) is None


@pytest.fixture
def held(app: Flask) -> None:
    """The desk keeps letters about offers for a person, and its mail server proves their senders."""
    with app.app_context(), transaction():
        db.session.execute(update(Mailbox).values(verified_by="mx.pomoc.example"))
        db.session.add(IntakeRule(name="Oferty", subject="oferta", act=RuleAct.NOT_SURE, words="Wygląda na ofertę."))


def offer(result: str = "pass", **headers: str) -> bytes:
    """A stranger's letter that becomes no ticket."""
    proof = f"Authentication-Results: mx.pomoc.example; dmarc={result} header.from=firma.example\r\n".encode()
    return proof + letter(
        sender="Zofia Lis <zofia@firma.example>", subject="Nowa oferta", message_id="<o@x>", **headers
    )


def answers(app: Flask) -> list[Letter]:
    with app.app_context():
        query = select(Letter).where(Letter.template == "rejected").options(joinedload(Letter.account))
        return list(db.session.scalars(query))


def box(page: Any) -> str | None:
    """The answer that the form offers."""
    return next((area.text.strip() for area in page.xpath("//textarea[@name='answer']")), None)


def test_a_letter_is_rejected_with_an_answer(
    app: Flask, settings: config.Settings, jan: Visitor, browser_of: Browser, held: None
) -> None:
    entry = not_sure(app, settings, offer())
    assert (box(jan.page(f"/desk/journal/show/{entry}")) or "").startswith("Dziękujemy za wiadomość.")

    act(jan, entry, "reject", answer="Dziękujemy.\r\nNie kupujemy {{ nic }}.\r\n\r\nJan")
    assert ended(app, entry)[:2] == ("rejected", "by_hand")
    work(app)
    [sent] = answers(app)
    assert (sent.account.email, sent.state) == ("zofia@firma.example", "sent")
    with app.app_context():
        message = message_from_bytes(compose(db.session.get_one(Letter, sent.id)).as_bytes(), policy=default)
        kinds = list(db.session.scalars(select(AuditEntry.who).where(AuditEntry.kind == "letter_rejected")))
    assert message["Subject"] == "Odp: Nowa oferta"
    assert message["In-Reply-To"] == message["References"] == "<o@x>"
    assert TO_DYNAMICS in message["From"]
    assert message["Auto-Submitted"] is None
    plain = message.get_body(("plain",))
    assert plain is not None
    for line in ("Dzień dobry,", "Dziękujemy.", "Nie kupujemy {{ nic }}.", "Jan"):
        assert line in plain.get_content()
    assert kinds == ["jan@desk.example"]
    admin = browser_of("adam@desk.example")
    assert "zofia@firma.example" in text_of(admin.page("/desk/letters/list/"))
    assert "Nie kupujemy {{ nic }}." in text_of(admin.page(f"/desk/letters/show/{sent.id}"))


def test_what_was_typed_stands_after_an_error(app: Flask, settings: config.Settings, jan: Visitor, held: None) -> None:
    entry = not_sure(app, settings, offer())
    empty = act(jan, entry, "reject", answer="  ")
    assert empty.status_code == 422
    assert "bez odpowiedzi" in empty.text
    long = act(jan, entry, "reject", answer="ą" * 10_001)
    assert long.status_code == 422
    assert "ą" * 10_001 in long.text
    assert ended(app, entry)[0] == "not_sure"

    act(jan, entry, "reject")
    late = act(jan, entry, "reject", answer="Moja długa odpowiedź")
    assert late.status_code == 409
    assert "Moja długa odpowiedź" in late.text
    assert answers(app) == []


@pytest.mark.parametrize(
    ("raw", "envelope", "says"),
    [
        (offer("none"), "x@y.example", "nic nie potwierdza"),
        (offer("fail"), "x@y.example", "nic nie potwierdza"),
        (offer(), "", "pętl"),
        (offer(list_id="<oferty.firma.example>"), "x@y.example", "pętl"),
        (offer(precedence="bulk"), "x@y.example", "pętl"),
        (offer(auto_submitted="auto-replied"), "x@y.example", "pętl"),
        (offer(x_failed_recipients="a@b.example"), "x@y.example", "pętl"),
    ],
)
def test_no_answer_goes_to_a_machine_or_an_unproven_sender(
    app: Flask, settings: config.Settings, jan: Visitor, held: None, raw: bytes, envelope: str, says: str
) -> None:
    entry = not_sure(app, settings, raw, sender=envelope)
    page = jan.page(f"/desk/journal/show/{entry}")
    assert box(page) is None
    assert says in text_of(page)
    refused = act(jan, entry, "reject", answer="Dziękujemy.")
    assert refused.status_code == 422
    assert "Dziękujemy." in refused.text
    assert ended(app, entry)[0] == "not_sure"
    assert answers(app) == []
    act(jan, entry, "reject")
    assert ended(app, entry)[0] == "rejected"


def test_the_list_is_filtered_by_reason(app: Flask, settings: config.Settings, jan: Visitor, held: None) -> None:
    not_sure(app, settings, offer())
    not_sure(app, settings, VACATION)
    page = jan.page("/desk/journal/list/?outcome=not_sure")
    assert {"automatic_alone", "Wygląda na ofertę."} <= set(page.xpath("//select[@name='reason']/option/@value"))
    ours = text_of(jan.page("/desk/journal/list/?reason=automatic_alone").xpath("//table")[0])
    theirs = text_of(jan.page("/desk/journal/list/?reason=Wygl%C4%85da+na+ofert%C4%99.").xpath("//table")[0])
    assert ("Automatyczna odpowiedź" in ours, "Nowa oferta" in ours) == (True, False)
    assert ("Automatyczna odpowiedź" in theirs, "Nowa oferta" in theirs) == (False, True)


def test_an_auditor_reads_and_decides_nothing(
    app: Flask, settings: config.Settings, jan: Visitor, browser_of: Browser
) -> None:
    entry = not_sure(app, settings, VACATION)
    auditor = browser_of("audyt@desk.example")
    assert not auditor.page(f"/desk/journal/show/{entry}").xpath("//*[@id='decide']")
    assert act(auditor, entry, "reject").status_code == 403
