"""A report without an account: kept as a letter, acknowledged, followed by the secret link of its requester alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select, update

from app.accounts.choices import let_strangers_report
from app.content import entries
from app.content.entries import Readers, Words
from app.content.publishing import publish
from app.desk import field_sets, tickets
from app.events.transaction import transaction
from app.extensions import db
from app.mail import take
from app.mail.compose import compose
from app.models import field_values
from app.models.entry import Visibility
from app.models.event import Letter
from app.models.invitation import AccountLink
from app.models.journal import JournalEntry, Outcome
from app.models.mailbox import Mailbox
from app.models.ticket import Message, MessageKind, Ticket
from app.models.types import utc_now
from app.setup import PRODUCT_GROUPS
from tests.browsing import Visitor, filled_in, text_of
from tests.fields.samples import a_field
from tests.mail.desk import CONSULTANT, CUSTOMER, account, letter_to, notify, open_ticket, words

OLA = "ola@nikt.example"
OUR_OWN = next(address for group, _digit, address in PRODUCT_GROUPS if group == "DYNAMICS")
FORM = "//form[@action='/report']"
TYPED = {"name": "Ola Żak", "email": OLA, "subject": "Raport jest pusty", "text": "Od rana.\nŻółć."}


@pytest.fixture
def desk(app: Flask, make_account: Callable[..., int]) -> None:
    """A desk that takes reports without an account in DYNAMICS."""
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",))
    with app.app_context(), transaction():
        let_strangers_report(True)


def sent(client: Visitor, **values: Any) -> Any:
    box = client.page("/report").xpath("//select[@name='mailbox']/option[text()='DYNAMICS']/@value")[0]
    return client.submit("/report", {"mailbox": box, **TYPED, **values}, form=FORM, follow=False)


def link_of(app: Flask, email: str = OLA, template: str = "acknowledgement") -> str:
    with app.app_context():
        notify()
        with transaction():
            body = str(compose(letter_to(email, template)).body)
    assert "Śledź zgłoszenie" in body
    return "/by-letter/" + body.split("/by-letter/")[1].split("?")[0]


def taken(app: Flask) -> list[JournalEntry]:
    with app.app_context():
        take.take_waiting()
        return list(db.session.scalars(select(JournalEntry)))


def test_without_the_desks_consent_there_is_none(app: Flask, client: Visitor) -> None:
    assert client.get("/report").status_code == 404
    assert client.post("/report").status_code in (400, 404)
    for page in ("/", "/login"):
        assert not client.page(page).xpath("//a[@href='/report']")


def test_it_becomes_a_ticket_of_an_unverified_sender_and_is_followed(app: Flask, desk: None, client: Visitor) -> None:
    for page in ("/", "/login"):
        assert client.page(page).xpath("//a[@href='/report']")
    form = client.page("/report").xpath(FORM)[0]
    box = form.xpath(".//select[@name='mailbox']/option[text()='DYNAMICS']/@value")[0]
    for _press in range(2):  # the first answer was lost
        picture = (io.BytesIO(b"brak papieru"), "błąd.txt")
        answer = client.send(form, "/report", {**TYPED, "mailbox": box, "files": [picture]}, follow=False)
        assert (answer.status_code, answer.location) == (303, "/report/sent")
    assert OLA in text_of(client.page("/report/sent"))
    entry, again = taken(app)
    assert (again.outcome, again.reason) == (Outcome.MESSAGE, "twice")
    assert (entry.outcome, entry.transport, entry.envelope_from) == (Outcome.TICKET, "form", OLA)
    with app.app_context():
        ticket = db.session.scalars(select(Ticket)).one()
        message = db.session.scalars(select(Message)).one()
        assert (ticket.subject, ticket.requester.name, ticket.product_group.name) == (
            "Raport jest pusty",
            "Ola Żak",
            "DYNAMICS",
        )
        assert (message.text, message.attachments[0].name) == ("Od rana.\nŻółć.", "błąd.txt")
        assert (message.verified, message.proof) == (False, "none")
    link = link_of(app)
    with app.app_context(), transaction():
        ticket = db.session.scalars(select(Ticket)).one()
        tickets.answer(ticket, words("Proszę odświeżyć."), by=account(CONSULTANT), then="waiting_customer")
        tickets.note(ticket, words("Tajna notatka."), by=account(CONSULTANT))
    page = client.page(link)
    assert "Proszę odświeżyć." in text_of(page)
    assert "Tajna notatka." not in text_of(page)
    file = page.xpath("//ul[@class='files']//a/@href")[0]
    with client.get(file) as answer:
        assert answer.data == b"brak papieru"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(file.replace("/files/1/", "/files/2/")).status_code == 404
    reply = page.xpath("//form[.//button[@value='reply']]")[0]
    for _press in range(2):
        assert client.send(reply, link, {"text": "Nadal pusty.", "act": "reply"}, follow=False).status_code == 303
    with app.app_context():
        assert [
            m.text
            for m in db.session.scalars(
                select(Message).where(Message.kind == MessageKind.CUSTOMER).order_by(Message.id)
            )
        ][1:] == ["Nadal pusty."]


def test_the_page_after_it_is_alike_whoever_has_the_address(
    app: Flask, desk: None, client: Visitor, make_account: Callable[..., int]
) -> None:
    make_account(CUSTOMER, organisation="Klient", name="Anna Nowak")
    pages = []
    for email in (CUSTOMER, CONSULTANT, "nikt@nigdzie.example"):
        answer = sent(client, email=email)
        assert answer.status_code == 303
        pages.append(client.get("/report/sent").text.replace(email, ""))
    assert len(set(pages)) == 1


def test_whoever_has_an_account_is_not_followed_by_a_link(
    app: Flask, desk: None, client: Visitor, make_account: Callable[..., int]
) -> None:
    """A stranger types Anna's address: she gets her usual letter, he gets nothing, and no link opens a conversation."""
    make_account(CUSTOMER, organisation="Klient", name="Anna Nowak")
    sent(client, email=CUSTOMER)
    (entry,) = taken(app)
    assert entry.outcome == Outcome.TICKET
    with app.app_context():
        notify()
        with transaction():
            body = str(compose(letter_to(CUSTOMER, "acknowledgement")).body)
    assert "/by-letter/" not in body


@pytest.mark.parametrize(
    ("email", "subject", "text"),
    [
        (CUSTOMER, "[#1001] Jeszcze jedno", "Proszę to zamknąć."),
        (CUSTOMER, "Zamknięcie", "zamknij"),
        (
            CONSULTANT,
            "Fwd: Prośba",
            "---------- Forwarded message ---------\nFrom: Anna <anna@klient.example>\n\nTo ja.",
        ),
        (OLA, "Automatyczna odpowiedź: nie ma mnie", "Jestem na urlopie do poniedziałku."),
        (OLA, "Undelivered Mail Returned to Sender", "Co to znaczy?"),
    ],
)
def test_what_is_typed_is_a_report_of_nobody_who_is_believed(
    app: Flask, desk: None, client: Visitor, make_account: Callable[..., int], email: str, subject: str, text: str
) -> None:
    """It neither answers nor closes a ticket, is passed on by nobody and comes from no machine, whatever it says."""
    make_account(CUSTOMER, organisation="Klient", name="Anna Nowak")
    with app.app_context():
        open_ticket()
        with transaction():
            db.session.scalars(select(Mailbox)).first().trusts_marks = True  # type: ignore[union-attr]
    sent(client, email=email, subject=subject, text=text)
    (entry,) = taken(app)
    assert entry.outcome == Outcome.TICKET
    with app.app_context():
        first, made = db.session.scalars(select(Ticket).order_by(Ticket.id))
        assert (first.status, len(first.messages)) == ("new", 1)
        assert made.requester.email == email
        assert not made.messages[0].verified


def test_a_link_that_is_too_old_offers_a_new_one(app: Flask, desk: None, client: Visitor) -> None:
    """To the address that had the old one; few a day."""
    sent(client)
    taken(app)
    link = link_of(app)
    assert client.get(link).headers["X-Robots-Tag"] == "noindex, nofollow"
    with app.app_context(), transaction():
        db.session.execute(update(AccountLink).values(expires_at=utc_now()))
    (form,) = client.page(link, status=410).xpath("//form[contains(@action, '/by-letter/')]")
    answer = client.send(form, link, {})
    assert "Za chwilę wyślemy wiadomość z nowym linkiem." in answer.text
    assert "Od rana." not in answer.text
    assert "Od rana." in text_of(client.page(link_of(app, template="new_link")))


def test_whoever_joins_the_portal_later_finds_his_reports(app: Flask, desk: None, client: Visitor) -> None:
    sent(client)
    taken(app)
    link = link_of(app)
    with app.app_context(), transaction():
        invitation = str(compose(letter_to(OLA, "invitation")).body)
    door = "/confirm/" + invitation.split("/confirm/")[1].split()[0]
    client.submit(door, {"password": "Zielona-łąka-7-koni", "password_confirm": "Zielona-łąka-7-koni"})
    assert "Od rana." in text_of(client.page("/tickets/1001"))
    assert "Od rana." not in text_of(client.page(link)), "there is another way now"


def test_the_link_shows_nothing_once_the_desk_takes_no_more(app: Flask, desk: None, client: Visitor) -> None:
    sent(client)
    taken(app)
    link = link_of(app)
    file = "/files/1/x.txt"
    with app.app_context(), transaction():
        let_strangers_report(False)
    assert "Od rana." not in text_of(client.page(link))
    assert client.get(link + file).status_code == 404


def test_a_consultant_ends_the_links_of_letters_that_have_left(
    app: Flask, desk: None, client: Visitor, browser_of: Callable[[str], Visitor]
) -> None:
    sent(client)
    taken(app)
    link = link_of(app)
    ewa = browser_of(CONSULTANT)
    ewa.submit("/desk/tickets/1001", {}, form="//form[contains(@action, '/end-links')]")
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "ola"),
        ("email", OUR_OWN),
        ("subject", ""),
        ("text", " "),
        ("mailbox", "999"),
        ("website", "x"),
    ],
)
def test_bad_input_is_told_and_keeps_what_was_typed(
    app: Flask, desk: None, client: Visitor, name: str, value: str
) -> None:
    if name == "mailbox":
        _method, target, data = filled_in(
            client.page("/report").xpath(FORM)[0], "/report", {"email": OLA, "subject": "a"}
        )
        answer = client.post(target, data=data | {"mailbox": "999", "text": "Od rana."})
    else:
        answer = sent(client, **{name: value})
    assert answer.status_code == 200
    page = html.fromstring(answer.text)
    assert page.xpath("//*[contains(@class, 'alert-danger')]")
    if name != "text":
        assert "Od rana." in page.xpath("//textarea[@name='text']")[0].text
    assert not taken(app)


def test_no_header_can_be_smuggled_in(app: Flask, desk: None, client: Visitor) -> None:
    sent(client, name='Ola\r\nBcc: x@y.example "<z@z.example>', subject="A\r\nBcc: x@y.example")
    with app.app_context():
        raw = app.extensions["files"].get(db.session.scalars(select(JournalEntry)).one().sha256)
        head = raw.split(b"\r\n\r\n")[0]
        assert b"\nBcc" not in head
        assert db.session.scalars(select(Letter)).all() == []


def test_one_address_gets_few_letters_a_day(app: Flask, desk: None, client: Visitor) -> None:
    app.config["ATTEMPTS_UNLIMITED"] = False
    try:
        codes = [sent(client, email=f"ofiara+{turn}@cel.example").status_code for turn in range(6)]
    finally:
        app.config["ATTEMPTS_UNLIMITED"] = True
    assert codes[:5] == [303] * 5
    assert codes[5] == 429


def test_it_asks_for_the_fields_that_everybody_fills_in(app: Flask, desk: None, client: Visitor) -> None:
    """By product group and with their conditions; what is for some roles only is neither shown nor taken."""
    size = a_field("choice", "size", required=True, labels={"pl": "Wielkość", "en": "Size"})
    town = a_field("text", "town", shown_if={"field": size.id, "in": ["large"]}, labels={"pl": "Miasto", "en": "Town"})
    hidden = a_field("text", "hidden", write_by=("customer",), labels={"pl": "Ukryte", "en": "Hidden"})
    company = a_field("reference", "company", target="organisation")
    with app.app_context(), transaction():
        field_sets.publish([size, town, hidden, company], reason="próba", by=None)
    (address,) = client.page("/report").xpath("//a[contains(., 'DYNAMICS')][contains(@href, 'mailbox=')]/@href")
    page = client.page(address)
    assert "Wielkość" in text_of(page)
    assert not {f"f-{hidden.id}", f"f-{company.id}"} & set(page.xpath("//@name"))
    typed = {"name": "Ola Żak", "email": OLA, "subject": "Raport jest pusty", "text": "Od rana."}
    form = "//form[contains(@action, '/report?')]"
    refused = client.submit(address, typed | {f"f-{town.id}": "Łódź"}, form=form, follow=False)
    assert refused.status_code == 422
    assert "Wypełnij to pole." in refused.text
    assert "Od rana." in refused.text
    (box,) = client.page(address).xpath(form)
    answer = client.send(box, address, typed | {f"f-{size.id}": "large", f"f-{town.id}": "Łódź"}, follow=False)
    assert answer.location == "/report/sent", answer.text
    (entry,) = taken(app)
    assert (entry.outcome, entry.fields) == (Outcome.TICKET, {size.id: "large", town.id: "Łódź"})
    with app.app_context():
        assert field_values.values(db.session.scalars(select(Ticket)).one()) == {size.id: "large", town.id: "Łódź"}


def test_it_takes_files_and_what_everybody_reads(
    app: Flask, desk: None, client: Visitor, browser_of: Callable[[str], Visitor]
) -> None:
    """A reference leads to public texts only; a file is kept once all else fits, and is asked for again until then."""
    log, about = a_field("file", "log", required=True), a_field("reference", "about", target="article")
    with app.app_context(), transaction():
        field_sets.publish([log, about], reason="próba", by=None)
        for title, readers in (("Dla wszystkich", Visibility.EVERYONE), ("Dla klientów", Visibility.SIGNED_IN)):
            text = entries.add_entry("article", "pl", Words(title), by=account(CONSULTANT), readers=Readers(readers))
            publish(text.source, seen=1)
            closed = str(text.id)
    (address,) = client.page("/report").xpath("//a[contains(., 'DYNAMICS')][contains(@href, 'mailbox=')]/@href")
    page = client.page(address)
    assert page.xpath("//datalist/option/@value") == ["Dla wszystkich"]
    form, file = "//form[contains(@action, '/report?')]", (f"f-{log.id}", f"f-{about.id}")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({file[1]: "Dla klientów"}, "Taki element nie istnieje"),
        ({file[1]: closed}, "Taki element nie istnieje"),
        ({file[1]: "999999"}, "Taki element nie istnieje"),
        ({"subject": ""}, "Wypełnij to pole."),
        ({file[0]: (io.BytesIO(b"x" * (20 * 2**20 + 1)), "błąd.log")}, "za duży"),
        ({file[0]: (io.BytesIO(b"x" * (26 * 2**20)), "błąd.log")}, "za duże"),
    ]
    for typed, said in wrong:
        chosen = {file[0]: (io.BytesIO(b"brak papieru"), "błąd.log"), "files": [(io.BytesIO(b"a"), "obok.txt")]}
        answer = client.submit(address, TYPED | chosen | typed, form=form, follow=False)
        assert answer.status_code in (200, 413, 422), typed
        told = text_of(html.fromstring(answer.text))
        assert said in told, typed
        assert "Od rana." in answer.text
        assert ("Wybierz pliki ponownie: błąd.log." in told) == (file[0] not in typed)
        assert "Wybierz pliki ponownie: obok.txt." in told, typed
        assert not taken(app)
    chosen = {file[0]: (io.BytesIO(b"brak papieru"), "błąd.log"), file[1]: "Dla wszystkich"}
    answer = client.submit(address, TYPED | chosen, form=form, follow=False)
    assert answer.location == "/report/sent", answer.text
    taken(app)
    with browser_of(CONSULTANT).get(f"/tickets/1001/file/{log.id}") as kept:
        assert kept.data == b"brak papieru"
    assert "Dla wszystkich" in browser_of(CONSULTANT).get("/desk/tickets/1001").text


def test_it_offers_articles_that_everybody_reads(app: Flask, desk: None, client: Visitor) -> None:
    assert client.page("/report").xpath("//input[@name='subject']/@hx-get") == ["/report/offered/?group="]
    assert client.get("/report/offered/?subject=Drukarka&group=1").status_code == 200
    assert client.post("/report/offered/helped/99").status_code in (400, 404)
    with app.app_context(), transaction():
        let_strangers_report(False)
    assert client.get("/report/offered/?subject=Drukarka").status_code == 404
