"""An administrator changes the words of letters; what is broken never stops a letter."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.events.transaction import transaction
from app.extensions import db
from app.mail import texts
from app.mail.compose import compose
from app.models.account import Account
from app.models.event import Letter
from app.models.invitation import AccountLink
from app.models.letter_template import LetterTemplate
from tests.browsing import Visitor, text_of
from tests.mail.desk import letter_to, notify, open_ticket
from tests.views.admin.conftest import Browser

PAGE = "/desk/templates/acknowledgement/pl"
OURS = "Mamy {{ number }}\n\nDziękujemy, {{ requester }}!\n\n---\n\nZespół pomocy"
ANNA = "anna@klient.example"


@pytest.fixture
def ticket(app: Flask, people: dict[str, int]) -> int:
    with app.app_context():
        return open_ticket().number


def acknowledgement(app: Flask) -> str:
    with app.app_context():
        texts.db.session.info.clear()
        notify()
        with transaction():
            message = compose(letter_to(ANNA, "acknowledgement"))
        return f"{message.subject}\n{message.body}"


def send(visitor: Visitor, **values: str) -> str:
    page = visitor.page(PAGE)
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    return visitor.post(PAGE, data={"csrf_token": token, **values}, follow_redirects=True).text


def look(visitor: Visitor, page: str = PAGE, **values: str) -> str:
    """The frame in which the words are tried."""
    token = visitor.page(page).xpath("//input[@name='csrf_token']/@value")[0]
    return visitor.post(f"{page}/look", data={"csrf_token": token, **values}).text


def test_the_desks_words_go_out_and_come_back(app: Flask, adam: Visitor, ticket: int) -> None:
    assert "Dziękujemy za zgłoszenie" in text_of(adam.page(PAGE))
    send(adam, source=OURS)
    said = acknowledgement(app)
    for words in ("Mamy #1001", "Dziękujemy, Anna Nowak!", "Zespół pomocy"):
        assert words in said
    send(adam, source=OURS.replace("Mamy", "Wpłynęło"))
    adam.submit(PAGE, {"version": "1"}, form="//form[.//button[@value='1']]")
    assert "Mamy #1001" in acknowledgement(app)
    adam.submit(PAGE, {"version": "shipped"}, form="//form[.//button[@value='shipped']]")
    assert "Dziękujemy za zgłoszenie" in acknowledgement(app)
    assert "Wersja 3" in text_of(adam.page(PAGE)), "what was saved stays in the history"


def test_words_are_tried_on_a_real_ticket_and_nothing_is_kept(app: Flask, adam: Visitor, ticket: int) -> None:
    said = look(adam, source=OURS, number=str(ticket))
    assert "Dziękujemy, Anna Nowak!" in said
    assert 'style="' in said
    assert "href=" not in said
    assert "Dziękujemy za zgłoszenie" in adam.get(f"{PAGE}/look").text, "the words that are kept, on the newest ticket"
    for name in texts_with_links():
        assert "<p style" in look(adam, f"/desk/templates/{name}/en", source="S\n\nW", number=str(ticket))
    assert "Nie ma zgłoszenia" in look(adam, source=OURS, number="999999")
    assert "Nie ma wartości" in look(adam, source="Temat\n\n{{ nic }}", number=str(ticket))
    with app.app_context():
        assert db.session.scalars(select(LetterTemplate)).all() == []
        assert db.session.scalars(select(AccountLink)).all() == []


def test_words_about_accounts_are_tried_on_oneself(app: Flask, adam: Visitor) -> None:
    page = "/desk/templates/password_reset/pl"
    assert "Dla adam@desk.example." in look(adam, page, source="Hasło\n\nDla {{ email }}.")
    assert "Nie ma wartości" in look(adam, page, source="Hasło\n\n{{ number }}")
    adam.submit(page, {}, form=f"//form[@action='{page}/send']")
    with app.app_context():
        with transaction():
            assert "/reset/" not in str(compose(letter_to("adam@desk.example", "password_reset")).body)
        assert db.session.scalars(select(AccountLink)).all() == [], "a letter on trial opens nothing"


def texts_with_links() -> list[str]:
    return ["solution", "resolved", "closed", "update", "noted"]


@pytest.mark.parametrize("source", ["", "Temat\n\n{{ nic }}", "Temat\n\n{{ if late }}x", "Temat"])
def test_what_cannot_be_read_is_never_kept_and_never_lost(app: Flask, adam: Visitor, ticket: int, source: str) -> None:
    said = send(adam, source=source)
    assert "invalid-feedback" in said
    assert source.strip().splitlines()[-1:] == [] or source.strip().splitlines()[-1] in said
    with app.app_context():
        assert db.session.scalars(select(LetterTemplate)).all() == []


def test_a_broken_row_stops_no_letter_and_is_told_once(app: Flask, adam: Visitor, ticket: int) -> None:
    with app.app_context(), transaction():
        me = db.session.scalars(select(Account).where(Account.email == "adam@desk.example")).one()
        texts.save("acknowledgement", "pl", "Temat\n\n{{ zepsute }}", by=me)
    for _time in range(2):
        assert "Dziękujemy za zgłoszenie" in acknowledgement(app)
    with app.app_context():
        told = db.session.scalars(select(Letter).where(Letter.template == "template_broken")).all()
        assert [letter.account.email for letter in told] == ["adam@desk.example"]
    assert "Nie można użyć" in text_of(adam.page("/desk/templates/"))
    assert "zepsute" in text_of(adam.page(PAGE))


def test_a_trial_goes_to_oneself_in_the_templates_language(app: Flask, adam: Visitor, ticket: int) -> None:
    page = "/desk/templates/solution/en"
    adam.submit(page, {"number": str(ticket)}, form=f"//form[@action='{page}/send']")
    with app.app_context():
        letter = letter_to("adam@desk.example", "solution")
        with transaction():
            assert "it is now resolved" in str(compose(letter).body)


def test_others_stay_outside(jan: Visitor, browser_of: Browser, people: dict[str, int], adam: Visitor) -> None:
    assert jan.get("/desk/templates/").status_code == 403
    assert browser_of("audyt@desk.example").get(PAGE).status_code == 403
    assert adam.get("/desk/templates/nie-ma/pl").status_code == 404
    assert adam.get("/desk/templates/closed/de").status_code == 404
