"""A consultant writes a call down; its customer confirms it by the button of the letter or in the portal (S6, S18)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk.alarms import ring
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.chores import RULES
from app.models.account import Account
from app.models.audit import AuditEntry
from app.models.event import Letter
from app.models.ticket import Ticket
from tests.browsing import Visitor, text_of
from tests.mail.desk import notify
from tests.mail.test_compose import composed, part
from tests.views.desk.conftest import Browser

NEW = "/desk/tickets/new"
CALL = {"subject": "Drukarka", "product_group": "1"}


@pytest.fixture(autouse=True)
def _numbers(app: Flask, people: None) -> None:
    with app.app_context(), transaction():
        of("anna@klient.example").telephone = "+48 501 234 567"


def of(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).one()


def newest(app: Flask) -> Ticket:
    ticket = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    assert ticket is not None
    return ticket


def found(jan: Visitor, typed: str) -> str:
    return jan.get("/desk/calls/callers", query_string={"who": typed}).text


@pytest.mark.parametrize(
    "typed",
    ["501 234 567", "0048501234567", "+48 501", "234567", "Nowak", "nowak ann", "anna@klient", "Klient now", "ANNA"],
)
def test_a_caller_is_found_while_the_number_or_name_is_typed(jan: Visitor, typed: str) -> None:
    assert "Anna Nowak" in found(jan, typed)


@pytest.mark.parametrize(
    "typed", ["", " ", "n", "12", "602", "Kowalska", "jan@desk.example", "%", "\x00", "__", "Nowak Lis"]
)
def test_nobody_else_is_found(jan: Visitor, typed: str) -> None:
    """Consultants are no callers, and signs that SQL knows mean themselves."""
    assert 'name="requester"' not in found(jan, typed)


def test_only_the_desk_looks_callers_up(people: None, browser_of: Browser, client: Visitor) -> None:
    assert browser_of("anna@klient.example").get("/desk/calls/callers?who=Nowak").status_code == 403
    assert browser_of("audyt@desk.example").get("/desk/calls/callers?who=Nowak").status_code == 403
    assert "/login" in client.get("/desk/calls/callers?who=Nowak").location


def test_the_form_tells_the_digits_and_who_is_on_duty(jan: Visitor) -> None:
    page = text_of(jan.page(NEW))
    assert "1 DYNAMICS" in page
    assert "Jan Dynamiczny" in page
    assert "TARGIT" not in page  # Jan does not answer for it


def test_a_call_is_recorded_with_little_more_than_a_subject(app: Flask, jan: Visitor) -> None:
    with app.app_context():
        anna = of("anna@klient.example").id
    answer = jan.submit(NEW + "?who=501234567", CALL | {"requester": str(anna)})
    assert "Anna Nowak otrzyma wiadomość z prośbą o potwierdzenie do" in answer.text
    with app.app_context():
        ticket = newest(app)
        assert (ticket.status, ticket.channel, ticket.requester_id) == ("unconfirmed", "telephone", anna)
        assert ticket.messages[0].text == "Drukarka"


def test_a_form_that_is_sent_twice_makes_one_ticket_and_a_changed_one_another(app: Flask, jan: Visitor) -> None:
    form = {"name": "Ola Nowa", "telephone": "602 000 111", "key": "abc", **CALL}
    numbers = []
    for typed in (form, form, form | {"subject": "Inna"}, form | {"key": "nowy"}, form):
        token = jan.page(NEW).xpath("//input[@name='csrf_token']/@value")[0]
        numbers.append(jan.post(NEW, data={**typed, "csrf_token": token}).location)
    assert len(set(numbers)) == 3
    assert numbers[0] == numbers[1] == numbers[4]


def test_a_caller_without_an_address_is_recorded_and_it_is_said_that_no_letter_can_ask(
    app: Flask, jan: Visitor, client: Visitor
) -> None:
    answer = jan.submit(NEW, CALL | {"name": "Ola Nowa", "telephone": "602 000 111"})
    assert "nie ma u nas adresu e-mail" in answer.text
    assert "telephone.invalid" not in answer.text
    assert "Ola Nowa" in found(jan, "602000111")
    with app.app_context():
        number = newest(app).number
        notify()
        assert [row for row in db.session.scalars(select(Letter)) if row.account.name == "Ola Nowa"] == []
    assert "Somebody has" not in jan.post(f"/desk/tickets/{number}/address").text
    jan.submit(f"/desk/tickets/{number}", {"email": "Ola@Nowa.example"}, form="//form[contains(@action,'/address')]")
    with app.app_context():
        letters = db.session.scalars(select(Letter)).all()
        assert [(row.account.email, row.template) for row in letters if row.account.name == "Ola Nowa"] == [
            ("ola@nowa.example", "confirm_call")
        ]


def test_an_address_that_is_taken_is_refused_and_the_ticket_stays(app: Flask, jan: Visitor) -> None:
    jan.submit(NEW, CALL | {"name": "Ola Nowa"})
    with app.app_context():
        number = newest(app).number
    page = jan.submit(
        f"/desk/tickets/{number}", {"email": "anna@klient.example"}, form="//form[contains(@action,'/address')]"
    )
    assert "Ten adres ma już ktoś inny" in page.text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({}, "Wybierz dzwoniącego z listy"),
        ({"email": "zle"}, "@"),
        ({"name": "Ola", "telephone": "zadzwoń"}, "cyframi"),
        ({"name": "Ola", "subject": ""}, "Wypełnij to pole"),
        ({"name": "Ola", "product_group": "3"}, "alert-danger"),
        ({"name": "Ola", "called": "2026-03-29 02:30"}, "nie istnieje"),
        ({"name": "Ola", "called": "wczoraj"}, "wczoraj"),
        ({"name": "Ola", "called": "2999-01-01 10:00"}, "nie może być w przyszłości"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_nothing_typed_is_lost(
    app: Flask, jan: Visitor, wrong: dict[str, str], told: str
) -> None:
    data = {"text": "Nie drukuje faktur.", **CALL, **wrong}
    token = jan.page(NEW).xpath("//input[@name='csrf_token']/@value")[0]
    answer = jan.post(NEW, data=data | {"csrf_token": token})
    assert answer.status_code == 200
    assert told in answer.text
    for value in wrong.values():
        assert value in answer.text or value == "3"
    assert "Nie drukuje faktur." in answer.text
    with app.app_context():
        assert db.session.scalars(select(Ticket)).first() is None


def test_a_customer_and_somebody_new_at_once_is_too_much(app: Flask, jan: Visitor) -> None:
    with app.app_context():
        anna = of("anna@klient.example").id
    answer = jan.submit(NEW + "?who=Nowak", CALL | {"requester": str(anna), "name": "Ola"})
    assert "Zostaw tylko jedną" in answer.text


def test_an_earlier_call_has_its_deadline_from_when_it_came(app: Flask, jan: Visitor) -> None:
    jan.submit(NEW, CALL | {"name": "Ola", "called": "2026-03-06 16:50"})
    with app.app_context():
        assert newest(app).arrived_at.isoformat() == "2026-03-06T15:50:00+00:00"


@pytest.fixture
def asked(app: Flask, jan: Visitor) -> str:
    """The path behind the button of Anna's letter."""
    with app.app_context():
        anna = of("anna@klient.example").id
    jan.submit(NEW + "?who=501234567", CALL | {"requester": str(anna)})
    with app.app_context():
        notify()
        (letter,) = [row for row in db.session.scalars(select(Letter)) if row.template == "confirm_call"]
        text = part(composed(letter))
    return "/calls/confirm/" + text.split("/calls/confirm/")[1].split()[0]


def status(app: Flask) -> str:
    with app.app_context():
        return newest(app).status


def test_opening_the_link_confirms_nothing_and_its_button_confirms_once(
    app: Flask, client: Visitor, asked: str
) -> None:
    for _time in range(2):  # a mail scanner, then the customer
        assert "Drukarka" in text_of(client.page(asked))
    assert client.head(asked).status_code == 200
    assert status(app) == "unconfirmed"
    answer = client.submit(asked, {})
    assert "Dziękujemy: zgłoszenie jest potwierdzone" in answer.text
    assert status(app) == "new"
    token = client.page("/contact") is not None and client.get("/login").text.split('name="csrf_token"')[1]
    csrf = token.split('value="')[1].split('"')[0]
    again = client.post(asked, data={"csrf_token": csrf}, follow_redirects=True)
    assert "było już potwierdzone" in again.text


def test_too_late_is_said_and_opens_the_ticket_again(app: Flask, client: Visitor, asked: str) -> None:
    with app.app_context():
        confirmation = newest(app).confirmation
        assert confirmation is not None
        ring(RULES, now=confirmation.due_at)
    assert status(app) == "closed"
    assert "Termin minął" in client.get(asked).text
    assert "otwarte ponownie, mimo że termin minął" in client.submit(asked, {}).text
    assert status(app) == "new"


def test_the_wrong_person_confirms_nothing(app: Flask, browser_of: Browser, jan: Visitor, asked: str) -> None:
    for somebody in (browser_of("ewa@inny.example"), jan):
        answer = somebody.get(asked)
        assert answer.status_code == 403
        assert "wysłano do kogoś innego" in answer.text
    with app.app_context():
        told = db.session.scalars(select(AuditEntry.about).where(AuditEntry.kind == "refused")).all()
    assert set(told) == {"GET /calls/confirm/<token>"}, "who reads the log cannot use the link"
    cut = asked[:-1] + ("a" if asked[-1] != "a" else "b")
    for path in (cut, "/calls/confirm/", asked.replace("confirm/", "confirm/9"), "/calls/confirm/ą.1.x"):
        assert browser_of("anna@klient.example").get(path).status_code in (404, 410)
    assert status(app) == "unconfirmed"


def test_the_customer_confirms_in_the_portal(app: Flask, browser_of: Browser, asked: str) -> None:
    with app.app_context():
        number = newest(app).number
    anna = browser_of("anna@klient.example")
    answer = anna.submit(f"/tickets/{number}", {}, form="//form[contains(@action,'/confirm')]")
    assert "Dziękujemy: zgłoszenie jest potwierdzone" in answer.text
    assert not anna.page(f"/tickets/{number}").xpath("//form[contains(@action,'/confirm')]")
    assert status(app) == "new"
    assert browser_of("ewa@inny.example").get(f"/tickets/{number}").status_code == 404


def test_every_step_stands_in_the_history(app: Flask, jan: Visitor, client: Visitor, asked: str) -> None:
    with app.app_context():
        ticket = newest(app)
        number, confirmation = ticket.number, ticket.confirmation
        assert confirmation is not None
        ring(RULES, now=confirmation.due_at)
    client.submit(asked, {})
    page = text_of(jan.page(f"/desk/tickets/{number}"))
    assert "zamknięcie zgłoszenia: nikt nie potwierdził rozmowy w terminie" in page
    assert "potwierdzenie rozmowy przyciskiem z naszej wiadomości" in page
