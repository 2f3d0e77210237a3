"""The exchange tells of a call; the consultant on duty has the caller's card and makes a ticket of it (S18)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk.incoming_calls import new_secret
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.call import Call
from app.models.ticket import Ticket
from tests.browsing import Visitor, text_of
from tests.views.api.described import description_of
from tests.views.desk.conftest import Browser, Open

HOOK = "/hooks/calls"
CALL = {"call_id": "c-1", "caller": "501234567", "digits": "31", "time": "2026-11-02T10:00:00+01:00", "duration": 65}


@pytest.fixture
def secret(app: Flask, people: None) -> str:
    with app.app_context(), transaction():
        db.session.scalars(
            select(Account).where(Account.email == "anna@klient.example")
        ).one().telephone = "+48 501-234-567"
        return new_secret()


@pytest.fixture
def tell(app: Flask, client: Visitor, secret: str) -> Any:
    def send(said: Any, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"} | more.pop("headers", {})
        answer = client.post(HOOK, json=said, headers=headers, **more)
        description_of(app).check(answer)
        return answer

    return send


def test_a_call_is_kept_once_and_answered_alike(app: Flask, tell: Any) -> None:
    first, second = tell(CALL), tell(CALL)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert first.json["product_group"] == "DYNAMICS"
    assert tell(CALL | {"caller": "600000000"}).status_code == 409
    with app.app_context():
        assert len(db.session.scalars(select(Call)).all()) == 1


def test_odd_calls_are_kept_and_the_answer_says_what_is_odd(tell: Any) -> None:
    answer = tell(CALL | {"caller": "anonymous", "digits": "39"})
    assert answer.status_code == 201
    assert set(answer.json["doubts"]) == {"number_withheld", "digits_outside_menu"}


def test_bad_input_is_refused_with_its_reason(tell: Any, client: Visitor, secret: str) -> None:
    refused = tell(CALL | {"digits": "raz", "kolor": "red"})
    assert refused.status_code == 422
    assert set(refused.json["errors"]) == {"digits", "kolor"}
    assert tell([CALL]).status_code == 400
    right = {"Authorization": f"Bearer {secret}"}
    assert client.post(HOOK, data="{", headers=right, content_type="application/json").status_code == 400
    assert client.post(HOOK, data="caller=1", headers=right).status_code == 415
    assert tell(CALL | {"recording": "https://x.example/" + "a" * 20_000}).status_code == 413
    for header in ({}, {"Authorization": "Bearer zly"}, {"Authorization": f"Basic {secret}"}):
        assert client.post(HOOK, json=CALL, headers=header).status_code == 401
    assert client.get(HOOK).status_code == 405


def test_a_number_that_cannot_be_read_is_shown_as_it_was_sent(jan: Visitor, tell: Any) -> None:
    answer = tell(CALL | {"caller": "Nowak, wew. 12"})
    assert (answer.status_code, set(answer.json["doubts"])) == (201, {"number_unreadable"})
    assert "Nowak, wew. 12" in text_of(jan.page("/desk/calls/"))
    assert "Nowak, wew. 12" in text_of(jan.page("/desk/calls/list/?text=now"))
    card = jan.page(answer.json["url"].partition("localhost")[2].partition("/")[2].join(["/", ""]))
    assert "nie jest numerem" in text_of(card)
    form = jan.page(f"/desk/tickets/new?call={answer.json['id']}").forms[-1]
    assert (form.fields["who"], form.fields["telephone"]) == ("Nowak, wew. 12", "")


def test_a_desk_without_a_secret_takes_no_calls(client: Visitor, people: None) -> None:
    assert client.post(HOOK, json=CALL, headers={"Authorization": "Bearer "}).status_code == 401


def test_the_card_shows_the_caller_and_becomes_a_ticket_once(
    app: Flask, jan: Visitor, tell: Any, open_ticket: Open
) -> None:
    number = open_ticket(subject="Raport jest pusty")
    call = tell(CALL).json["id"]
    card = text_of(jan.page(f"/desk/calls/show/{call}"))
    for said in ("501234567", "Anna Nowak", "Klient", f"#{number}", "1:05", "DYNAMICS"):
        assert said in card
    assert "501234567" in jan.get("/desk/calls/waiting").text

    jan.submit(f"/desk/tickets/new?call={call}", {"subject": "Oddzwonić"})
    with app.app_context():
        ticket = db.session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
        assert ticket is not None
        assert (ticket.subject, ticket.status, ticket.requester.email) == (
            *("Oddzwonić", "unconfirmed", "anna@klient.example"),
        )
        assert ticket.arrived_at.isoformat() == "2026-11-02T09:00:00+00:00"
        made = ticket.number
    assert "501234567" not in jan.get("/desk/calls/waiting").text
    assert f"#{made}" in text_of(jan.page(f"/desk/calls/show/{call}"))
    again = jan.submit(f"/desk/tickets/new?call={call}", {"subject": "Jeszcze raz"})
    assert "Ktoś już zajął się tą rozmową" in again.text


def test_a_call_with_nothing_to_write_down_waits_no_more(jan: Visitor, tell: Any) -> None:
    call = tell(CALL).json["id"]
    jan.submit(f"/desk/calls/show/{call}", {}, form="//form[contains(@action,'/done')]")
    assert "501234567" not in jan.get("/desk/calls/waiting").text
    token = jan.page("/desk/tickets/new").xpath("//input[@name='csrf_token']/@value")[0]
    answer = jan.post(f"/desk/calls/{call}/done", data={"csrf_token": token}, follow_redirects=True)
    assert "Ktoś już zajął się tą rozmową" in answer.text


def test_calls_of_other_product_groups_are_not_there(jan: Visitor, browser_of: Browser, tell: Any) -> None:
    call = tell(CALL | {"digits": "33"}).json["id"]
    assert "501234567" not in text_of(jan.page("/desk/calls/"))
    for path in (f"/desk/calls/show/{call}", f"/desk/tickets/new?call={call}", "/desk/calls/show/99999"):
        assert jan.get(path).status_code == 404
    assert "501234567" in text_of(browser_of("ola@desk.example").page("/desk/calls/"))
    assert browser_of("anna@klient.example").get("/desk/calls/").status_code == 403


def test_an_administrator_makes_the_secret_and_uploads_a_list(app: Flask, browser_of: Browser, people: None) -> None:
    adam = browser_of("adam@desk.example")
    page = adam.submit("/desk/telephone/", {}, form="//form[contains(@action,'/secret')]")
    secret = page.text.split('class="secret">')[1].split("<")[0]
    assert Visitor(app).post(HOOK, json=CALL, headers={"Authorization": f"Bearer {secret}"}).status_code == 201
    token = adam.page("/desk/telephone/").xpath("//input[@name='csrf_token']/@value")[0]

    content = b"call_id;caller;digits\nx-1;600 700 800;31\nx-2;zle;raz\n"
    answer = adam.post(
        "/desk/telephone/calls",
        data={"csrf_token": token, "calls": (BytesIO(content), "calls.csv")},
        follow_redirects=True,
    )
    assert "Nowe rozmowy: 1" in answer.text
    assert "3" in answer.text
    assert "600 700 800" in answer.text
