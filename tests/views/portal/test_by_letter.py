"""The links of letters: opening one changes nothing, pressing its button does, and it opens no conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import links
from app.desk import tickets
from app.desk.confirmations import expect
from app.desk.states import first_of
from app.events.transaction import transaction
from app.extensions import db
from app.mail.compose import compose
from app.models.account import Account
from app.models.event import Letter
from app.models.invitation import Purpose
from app.models.ticket import Participant, StateKind, Ticket
from tests.browsing import Visitor, text_of
from tests.mail.desk import CONSULTANT, CUSTOMER, account, letter_to, notify, open_ticket


@pytest.fixture
def link(app: Flask, make_account: Callable[..., int]) -> str:
    """The link in the letter that tells Anna that her ticket is resolved."""
    make_account(CUSTOMER, organisation="Klient", name="Anna Nowak")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",))
    with app.app_context():
        ticket = open_ticket()
        with transaction():
            tickets.resolve(ticket, by=account(CONSULTANT))
        notify()
        with transaction():
            letter = compose(letter_to(CUSTOMER, "resolved"))
        return "/by-letter/" + str(letter.body).split("/by-letter/")[1].split("?")[0]


def ticket(app: Flask) -> tuple[str, list[str]]:
    with app.app_context():
        found = db.session.scalars(select(Ticket)).one()
        return found.status, [event.kind for event in found.events]


def test_opening_it_changes_nothing(app: Flask, client: Visitor, link: str) -> None:
    before = ticket(app)
    for query in ("", "?act=accept", "?act=reopen"):
        page = client.page(link + query)
        assert "#1001 Raport jest pusty" in text_of(page)
        assert "Nic nie ma." not in text_of(page)
        client.head(link + query)
    assert ticket(app) == before
    assert client.get(link).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("act", "state"), [("accept", "closed"), ("reopen", "open")])
def test_its_button_does_it_once(app: Flask, client: Visitor, link: str, act: str, state: str) -> None:
    answer = client.submit(link, {"act": act}, form=f"//form[.//button[@value='{act}']]")
    assert "Dziękujemy" in answer.text
    assert ticket(app)[0] == state
    before = ticket(app)
    token = client.page(link).xpath("//input[@name='csrf_token']/@value")
    if token:
        client.post(link, data={"act": act, "csrf_token": token[0]})
    assert ticket(app) == before


def test_it_reopens_what_was_closed_meanwhile(app: Flask, client: Visitor, link: str) -> None:
    client.submit(link, {"act": "accept"}, form="//form[.//button[@value='accept']]")
    client.submit(link, {"act": "reopen"}, form="//form[.//button[@value='reopen']]")
    assert ticket(app)[0] == "open"


@pytest.mark.parametrize("token", ["nic", "x" * 200, "%00"])
def test_what_is_no_link_is_told(client: Visitor, token: str) -> None:
    assert client.get(f"/by-letter/{token}").status_code == 410


def test_it_dies_with_the_readers_access(app: Flask, client: Visitor, link: str) -> None:
    with app.app_context(), transaction():
        db.session.scalars(select(Account).where(Account.email == CUSTOMER)).one().active = False
    assert client.get(link).status_code == 410
    assert client.post(link, data={"act": "accept"}).status_code in (400, 410)
    assert ticket(app)[0] == "resolved"


def test_who_has_no_account_closes_and_adds_a_colleague(
    app: Flask, client: Visitor, make_account: Callable[..., int]
) -> None:
    """The acknowledgement of somebody who only writes letters leads to it."""
    make_account("ola@nikt.example", registered=False)
    with app.app_context():
        open_ticket(requester="ola@nikt.example")
        notify()
        with transaction():
            body = str(compose(letter_to("ola@nikt.example", "acknowledgement")).body)
    link = "/by-letter/" + body.split("/by-letter/")[1].split("?")[0]
    assert "ZAMKNIJ" in body
    form = "//form[.//button[@value='let_in']]"
    refused = client.submit(link, {"act": "let_in", "email": "nie adres"}, form=form)
    assert "Dziękujemy" not in refused.text
    assert "Dziękujemy" in client.submit(link, {"act": "let_in", "email": "piotr@nikt.example"}, form=form).text
    with app.app_context():
        assert [row.account.email for row in db.session.scalars(select(Participant))] == ["piotr@nikt.example"]
    client.submit(link, {"act": "close"}, form="//form[.//button[@value='close']]")
    assert ticket(app)[0] == "closed"


def test_the_caller_confirms_by_the_same_page(app: Flask, client: Visitor, make_account: Callable[..., int]) -> None:
    make_account(CUSTOMER, registered=False)
    with app.app_context():
        found = open_ticket()
        with transaction():
            found.enter(first_of(StateKind.UNCONFIRMED))
            expect(found)
            letter = Letter(template="update", account=account(CUSTOMER), reason="requester", ticket=found)
            db.session.add(letter)
        with transaction():
            path = links.make(Purpose.TICKET, account(CUSTOMER), letter=letter)
    client.get(path)
    assert ticket(app)[0] == "unconfirmed"
    client.submit(path, {"act": "confirm"}, form="//form[.//button[@value='confirm']]")
    assert ticket(app)[0] == "new"
