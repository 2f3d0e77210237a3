"""With the first rule switched off everywhere, the net below still lets nobody see what is not his."""

from __future__ import annotations

import sys
from types import FunctionType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, distinct, exists, func, select, true, union
from sqlalchemy.orm import aliased

from app import access
from app.access import standing_of
from app.extensions import appbuilder, db
from app.models.event import Event
from app.models.ranges import Order, Rows
from app.models.ticket import Ticket
from app.views.second_net import read_for
from tests.access.conftest import (
    LETTER,
    NUMBERS,
    OUTSIDE,
    SEES,
    STAFF,
    account,
    everyone_but,
    first_file,
    rows_of,
)
from tests.access.test_every_door import Browser, bearer, numbers_on, status

RULES = {name for name in access.__all__ if name.startswith(("sees_", "manages_"))}
CUSTOMERS = [email for email in everyone_but(*OUTSIDE) if email not in STAFF]
NUMBER_BY = {letter: number for number, letter in LETTER.items()}


@pytest.fixture
def open_house(everybody: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Every clause that a door asks lets everybody in; the net holds the rules themselves."""
    rules, all_of_somebody = {getattr(access, name) for name in RULES}, access.tickets_of

    def everything(_standing: object) -> object:
        return true()

    def all_tickets(_standing: object) -> Rows:
        return Rows(Ticket, (true(),))

    for module in [each for name, each in sys.modules.items() if name.startswith("app.") and name != "app.access.net"]:
        for name, value in list(vars(module).items()):
            if not isinstance(value, FunctionType):
                continue
            if value in rules:
                monkeypatch.setattr(module, name, everything)
            elif value is all_of_somebody:
                monkeypatch.setattr(module, name, all_tickets)
    for view in appbuilder.baseviews:
        if hasattr(view, "clause"):
            monkeypatch.setattr(type(view), "clause", staticmethod(everything))
            monkeypatch.setattr(view, "_base_filters", view.datamodel.get_filters())
        if getattr(view, "listed", None):
            monkeypatch.setattr(type(view), "listed", staticmethod(all_tickets))
    return everybody


def test_the_switch_is_off(open_house: Flask, monkeypatch: pytest.MonkeyPatch, browser_of: Browser) -> None:
    """Without the net everybody would see everything, so that these tests can fail."""
    monkeypatch.setattr("app.views.second_net.concerns", lambda _state: False)
    stranger = browser_of("obcy@nikt.example")
    assert numbers_on(stranger.get("/tickets/").text) == set(NUMBERS)
    assert "ZQXNOTEB" in stranger.get("/tickets/1001").text
    assert status(stranger, "/attachments/1/x.txt") == 200
    assert len(
        open_house.test_client().get("/api/v1/message/", headers=bearer(open_house, "obcy@nikt.example")).json["ids"]
    )
    watch = open_house.extensions["canaries"]
    assert any("ZQXNOTEB" in leak for leak in watch.leaks)  # the suite's own watch would have cried out
    watch.leaks.clear()


def test_lists_pages_and_files(open_house: Flask, browser_of: Browser) -> None:
    for email in everyone_but(*OUTSIDE):
        browser = browser_of(email)
        assert numbers_on(browser.get("/tickets/").text) == SEES[email], email
        for number in NUMBERS:
            page = browser.get(f"/tickets/{number}", follow_redirects=True)
            assert page.status_code == (200 if number in SEES[email] else 404), (email, number)
            assert f"ZQXNOTE{LETTER[number]}" not in page.text or (email in STAFF and number in SEES[email])
        found = {file_id for file_id in range(1, 11) if status(browser, f"/attachments/{file_id}/x.txt") == 200}
        assert found == rows_of(email), email


def test_receipts_and_acts(open_house: Flask, browser_of: Browser) -> None:
    for email in CUSTOMERS:
        browser = browser_of(email)
        token = browser.page("/profile/").xpath("//input[@name='csrf_token']/@value")[0]
        for number in set(NUMBERS) - SEES[email]:
            assert status(browser, f"/tickets/{number}/receipt/{first_file(number)}") == 404
            answer = browser.post(f"/tickets/{number}/reply", data={"csrf_token": token, "text": "x"})
            assert answer.status_code == 404


def test_the_desk(open_house: Flask, browser_of: Browser) -> None:
    for email in STAFF:
        browser = browser_of(email)
        assert numbers_on(browser.get("/desk/tickets/list/").text) == SEES[email]
        for number in NUMBERS:
            assert status(browser, f"/desk/tickets/{number}") == (200 if number in SEES[email] else 404)


def test_search(open_house: Flask, browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Titles, counts, facets and what is suggested, also on pages that show fewer hits than there are."""
    monkeypatch.setattr("app.search.find.search_terms", lambda _standing: None)
    for email in everyone_but(*OUTSIDE):
        browser = browser_of(email)
        for page in ("", "&page_size=1", "&page_size=1&page=1"):
            answer = browser.get(f"/api/v1/search/?q=raport{page}").json
            dates = answer["facets"].pop("date", {})  # each of its year and of its month
            told = {sum(values.values()) for values in answer["facets"].values()} | {sum(dates.values()) // 2}
            assert (answer["count"], told - {0}) == (len(SEES[email]), {len(SEES[email])} - {0}), (email, page)
        assert {hit["id"] + 1000 for hit in browser.get("/api/v1/search/?q=raport").json["result"]} == SEES[email]
        assert numbers_on(browser.get("/search?q=raport").text) == SEES[email]
        for letter in LETTER.values():  # the nearest word, which is that of a ticket that he sees
            suggested = browser.get(f"/api/v1/search/?q=ZQXBODI{letter}").json["suggestion"]
            assert suggested is None or NUMBER_BY[suggested[-1].upper()] in SEES[email], (email, letter, suggested)


OTHER = aliased(Ticket)
ROWS = Rows(Ticket, (Ticket.priority == "normal", Ticket.id > 0))
TOLD_OF = func.count(distinct(Event.ticket_id))
FIRST = Order(Ticket.id, Ticket.id)
COUNTS: dict[str, Select[Any]] = {
    "of a column": select(func.count(Ticket.id)),
    "of a table": select(func.count()).select_from(Ticket),
    "by a condition alone": select(func.count()).where(Ticket.id > 0),
    "of an alias": select(func.count(OTHER.id)),
    "of rows within": select(func.count()).select_from(select(Ticket.id).limit(100).subquery()),
    "of an alias's rows within": select(func.count()).select_from(select(OTHER).subquery()),
    "as lists count": select(ROWS.count(100)),
    "of a list": select(func.count()).select_from(ROWS.read(FIRST, 10).subquery()),
    "of all ways": select(func.count()).select_from(union(select(Ticket.id), select(OTHER.id)).subquery()),
    "by what others point to": select(func.count(distinct(Event.ticket_id))).where(
        Event.ticket_id.in_(select(Ticket.id))
    ),
    "by whether there is one": select(func.count(distinct(Event.ticket_id))).where(
        exists().where(Ticket.id == Event.ticket_id)
    ),
}


@pytest.mark.parametrize("how", COUNTS)
def test_counts_of_every_shape(everybody: Flask, how: str) -> None:
    for email in everyone_but(*OUTSIDE):
        with everybody.test_request_context():
            read_for(standing_of(db.session(), account(email)))
            assert db.session.scalar(COUNTS[how]) == len(SEES[email]), email


def test_a_stranger_counts_nothing(everybody: Flask) -> None:
    with everybody.test_request_context():
        for query in COUNTS.values():
            assert db.session.scalar(query) == 0


@pytest.mark.parametrize("resource", ["ticket", "message", "attachment"])
def test_the_api(open_house: Flask, resource: str) -> None:
    client = open_house.test_client()
    for email in everyone_but(*OUTSIDE):
        headers = bearer(open_house, email)
        wanted = {n - 1000 for n in SEES[email]} if resource == "ticket" else rows_of(email)
        answer = client.get(f"/api/v1/{resource}/?q=(page_size:100)", headers=headers).json
        statuses = {row: client.get(f"/api/v1/{resource}/{row}", headers=headers).status_code for row in range(1, 12)}
        assert set(answer["ids"]) == {row for row, code in statuses.items() if code == 200} == wanted, email
        assert answer["count"] == len(wanted)


def test_people_and_organisations(open_house: Flask) -> None:
    client = open_house.test_client()
    for email in CUSTOMERS:
        headers = bearer(open_house, email)
        accounts = client.get("/api/v1/account/?q=(page_size:100)", headers=headers).json["result"]
        assert [row["email"] for row in accounts] == [email]
        names = {row["name"] for row in client.get("/api/v1/organisation/", headers=headers).json["result"]}
        assert names <= {"Klient", "Inny"}
        assert ("Inny" in names) == (email in ("ewa@inny.example", "both@obie.example"))


def test_flask_appbuilders_own_routes_to_rows_are_not_there(application: Flask) -> None:
    """Its action, action_post, download and delete pass by base filters, or change rows without a verb."""
    ends = ("/action/", "/action_post", "/download/", "/delete/", "/_info")
    rules = [rule.rule for rule in application.url_map.iter_rules() if any(end in rule.rule for end in ends)]
    assert [rule for rule in rules if not rule.startswith("/desk/mail-domains")] == []
