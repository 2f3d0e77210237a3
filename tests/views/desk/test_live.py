"""Who else is at a ticket, and what came since its page was drawn (attack case O19)."""

from __future__ import annotations

import pytest
from flask import Flask
from redis import Redis

from tests.browsing import Visitor
from tests.views.desk.conftest import Browser, Open
from tests.views.statements import counted


def now(visitor: Visitor, number: int, query: str = "") -> str:
    answer = visitor.get(f"/desk/tickets/{number}/now{query}")
    assert answer.status_code == 200
    return answer.text


def test_colleagues_see_each_other_and_who_writes(jan: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    number, iga = open_ticket(), browser_of("iga@desk.example")
    assert "Jan Dynamiczny" not in now(jan, number)
    assert "Jan Dynamiczny ma też otwarte to zgłoszenie" in now(iga, number)
    assert "Iga Dwojga ma też otwarte" in now(jan, number, "?writes=1")
    assert "Jan Dynamiczny właśnie tu pisze" in now(iga, number)
    assert "Jan" not in now(iga, open_ticket())


def test_new_messages_are_told_of(jan: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    number = open_ticket()
    last = jan.page(f"/desk/tickets/{number}").xpath("//@data-live")[0].rpartition("=")[2]
    assert "now" not in now(jan, number, f"?last={last}")
    anna = browser_of("anna@klient.example")
    anna.submit(f"/tickets/{number}", {"text": "Tajne słowa"}, form="//form[contains(@action, '/reply')]")
    said = now(jan, number, f"?last={last}")
    assert "1 nowa wiadomość" in said
    assert "Tajne" not in said


def test_nothing_new_is_not_sent_again(jan: Visitor, open_ticket: Open) -> None:
    path = f"/desk/tickets/{open_ticket()}/now"
    tag = jan.get(path).headers["ETag"]
    assert jan.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_it_costs_four_statements(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    path = f"/desk/tickets/{open_ticket()}/now?last=1"
    jan.get(path)
    with counted(app) as sent:
        jan.get(path)
    assert len(sent) <= 4, sent


@pytest.mark.parametrize("query", ["?last=0", "?last=", "?last=x", "?last=-1", "?last=99999999999999"])
def test_an_odd_question_is_no_error(jan: Visitor, open_ticket: Open, query: str) -> None:
    now(jan, open_ticket(), query)


def test_nobody_hears_of_a_ticket_that_is_not_his(jan: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    foreign = open_ticket("ewa@inny.example", "TARGIT")
    for visitor, status in (
        (jan, 404),
        (browser_of("anna@klient.example"), 403),
        (browser_of("ewa@inny.example"), 403),
    ):
        for number in (foreign, 9999):
            assert visitor.get(f"/desk/tickets/{number}/now?last=0").status_code == status


def test_without_valkey_the_page_works(
    app: Flask, jan: Visitor, open_ticket: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "redis", Redis.from_url("unix:///nowhere.sock"))
    now(jan, open_ticket())
