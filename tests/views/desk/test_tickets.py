"""A consultant finds, reads, answers, assigns, moves and closes; and meets a closed door elsewhere."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk import tickets
from app.desk.content import Contribution
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.ticket import Channel, Ticket
from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser, Open
from tests.views.statements import counted

LIST = "/desk/tickets/list/"
VERBS = ("reply", "note", "assign", "priority", "move", "resolve", "close", "reopen")


def numbers(browser: Visitor, query: str = "") -> list[int]:
    """The tickets that the list shows, in its order."""
    cells = browser.page(f"{LIST}{query}").xpath("//main//table//td/input[@name='number']/@value")
    return [int(cell) for cell in cells]


def test_the_desk_opens_with_the_grid(jan: Visitor, open_ticket: Open) -> None:
    open_ticket()
    page = jan.page("/desk/")
    assert "#1001" in text_of(page)
    assert "Raport jest pusty" in text_of(page)


def test_the_grid_shows_only_the_product_groups_that_the_consultant_answers_for(
    jan: Visitor, open_ticket: Open, browser_of: Browser
) -> None:
    own, foreign = open_ticket(), open_ticket(group="TARGIT")
    assert numbers(jan) == [own]
    assert numbers(browser_of("iga@desk.example")) == [foreign, own]
    assert numbers(browser_of("adam@desk.example")) == [foreign, own]


def test_filters_stand_in_the_address(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    first, second = open_ticket(subject="Pierwszy"), open_ticket("ewa@inny.example", subject="Drugi")
    jan.submit(f"/desk/tickets/{first}", {"assignee": "me"}, form="//form[contains(@action,'/assign')]")
    jan.submit(f"/desk/tickets/{second}", {"priority": "urgent"}, form="//form[contains(@action,'/priority')]")
    assert numbers(jan, "?assignee=me") == [first]
    assert numbers(jan, "?assignee=nobody") == [second]
    assert numbers(jan, "?priority=urgent") == [second]
    assert numbers(jan, "?organisation=inn") == [second]
    assert numbers(jan, "?text=%231001") == [first]
    assert numbers(jan, "?state=new&state=open") == [second, first]
    assert numbers(jan, "?state=closed") == []
    with app.app_context():
        ewa = db.session.scalars(select(Account.id).where(Account.email == "ewa@inny.example")).one()
    again = jan.submit(f"{LIST}?requester={ewa}", {"priority": "urgent"}, form="//form[@class='filter-line']")
    assert numbers(jan, f"?{again.request.query_string.decode()}") == [second]
    assert "Klient: Ewa Lis" in text_of(jan.page(f"{LIST}?{again.request.query_string.decode()}"))
    assert numbers(jan, "?since=2099-01-01") == []
    assert numbers(jan, "?sort=number") == [second, first]


def test_words_lead_to_the_search_which_keeps_the_menu(jan: Visitor, browser_of: Browser, open_ticket: Open) -> None:
    open_ticket(subject="Drukarka milczy")
    answer = jan.get(f"{LIST}?text=drukarka&state=new&group=1&assignee=me")
    assert answer.location == "/search?q=drukarka&state=new&group=1"
    assert jan.page(answer.location).xpath("//header//a[@href='/desk/today/']")
    assert not browser_of("anna@klient.example").page("/search").xpath("//header//a[contains(@href, '/desk/')]")


@pytest.mark.parametrize(
    "query",
    [
        "?text=%00&state=%00&group=99999999999999999999&assignee=-1&priority=x&organisation=%25%00",
        "?since=0001-01-01&until=9999-12-31",
        "?after=x~y&before=~&sort=password",
        "?after=2026-01-01~99999999999999",
        "?text=%23%C2%B2",
    ],
)
def test_a_filter_that_means_nothing_is_no_error(jan: Visitor, open_ticket: Open, query: str) -> None:
    open_ticket()
    jan.page(f"{LIST}{query}")


def test_pages_follow_each_other_without_gap_or_double(jan: Visitor, open_ticket: Open) -> None:
    made = [open_ticket(subject=f"Sprawa {number}") for number in range(27)]
    first = jan.page(LIST)
    older = first.xpath("//a[@rel='next']/@href")[0]
    rest = numbers(jan, older.removeprefix(LIST))
    assert sorted(numbers(jan) + rest) == made
    newer = jan.page(older).xpath("//a[@rel='prev']/@href")[0]
    assert numbers(jan, newer.removeprefix(LIST)) == numbers(jan)


def test_a_page_of_the_grid_costs_five_statements(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    for number in range(12):
        open_ticket(("anna@klient.example", "ewa@inny.example")[number % 2], subject=f"Sprawa {number}")
    with counted(app) as sent:
        jan.page(LIST)
    assert len(sent) <= 5, sent


def test_an_answer_goes_to_the_conversation_and_waits_for_the_customer(jan: Visitor, open_ticket: Open) -> None:
    number = open_ticket()
    answer = jan.submit(
        f"/desk/tickets/{number}",
        {"text": "Proszę o plik.", "then": "waiting_customer"},
        form="//section[@id='reply']//form",
    )
    assert "Proszę o plik." in answer.text
    assert "Czeka na klienta" in answer.text
    assert "Jan Dynamiczny" in answer.text


def test_a_note_is_for_the_desk_only(jan: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    number = open_ticket()
    jan.submit(
        f"/desk/tickets/{number}",
        {"note-text": "Klient myli raporty.", "note-files": [(io.BytesIO(b"x"), "uwaga.txt")]},
        form="//section[@id='note']//form",
    )
    assert "Klient myli raporty." in text_of(jan.page(f"/desk/tickets/{number}"))
    anna = text_of(browser_of("anna@klient.example").page(f"/tickets/{number}"))
    assert "myli" not in anna
    assert "uwaga.txt" not in anna


def test_an_empty_answer_says_so(jan: Visitor, open_ticket: Open) -> None:
    number = open_ticket()
    answer = jan.submit(f"/desk/tickets/{number}", {"then": "resolved"}, form="//section[@id='reply']//form")
    assert answer.status_code == 200
    assert 'value="resolved" selected' in answer.text.replace('selected value="resolved"', 'value="resolved" selected')
    assert "alert-danger" in answer.text


def test_what_was_typed_stays_when_it_cannot_be_sent(
    app: Flask, jan: Visitor, open_ticket: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], file_limit=100))
    number = open_ticket()
    answer = jan.submit(
        f"/desk/tickets/{number}",
        {"text": "Długa odpowiedź", "files": [(io.BytesIO(b"x" * 101), "a.bin")]},
        form="//section[@id='reply']//form",
    )
    assert "Długa odpowiedź" in answer.text
    assert "a.bin" in answer.text


def test_resolve_close_and_reopen(jan: Visitor, open_ticket: Open) -> None:
    page = f"/desk/tickets/{open_ticket()}"
    assert "Rozwiązane" in jan.submit(page, {}, form="//form[contains(@action,'/resolve')]").text
    assert "Zamknięte" in jan.submit(page, {}, form="//form[contains(@action,'/close')]").text
    assert "W realizacji" in jan.submit(page, {}, form="//form[contains(@action,'/reopen')]").text


def test_a_foreign_state_priority_or_person_is_refused_with_a_sentence(jan: Visitor, open_ticket: Open) -> None:
    page = f"/desk/tickets/{open_ticket()}"
    form = jan.page(page).xpath("//form[contains(@action,'/move')][.//@name='state']")[0]
    token = form.xpath(".//input[@name='csrf_token']/@value")[0]
    for verb, field in (("move", "state"), ("priority", "priority"), ("assign", "assignee")):
        answer = jan.post(f"{page}/{verb}", data={"csrf_token": token, field: "99999"}, follow_redirects=True)
        assert answer.status_code == 200
        assert "alert-danger" in answer.text


def test_the_history_says_who_did_what(jan: Visitor, open_ticket: Open) -> None:
    page = f"/desk/tickets/{open_ticket()}"
    jan.submit(page, {"assignee": "me"}, form="//form[contains(@action,'/assign')]")
    jan.submit(page, {"state": "waiting_third_party"}, form="//form[contains(@action,'/move')][.//@name='state']")
    lines = [text_of(line) for line in jan.page(page).xpath("//ul[@class='history']/li")]
    assert len(lines) == 3
    assert "Jan Dynamiczny" in lines[0]
    assert "Czeka na dostawcę" in lines[0]


def test_the_page_of_a_ticket_with_fifty_messages_costs_eight_statements(
    app: Flask, jan: Visitor, open_ticket: Open
) -> None:
    number, words = open_ticket(), Contribution(text="Zdanie", channel=Channel.PORTAL)
    with app.app_context(), transaction():
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        consultant = db.session.scalars(select(Account).where(Account.email == "jan@desk.example")).one()
        for _pair in range(24):
            tickets.answer(ticket, words, by=consultant)
            tickets.customer_reply(ticket, words, by=ticket.requester)
        tickets.note(ticket, words, by=consultant)
    page = f"/desk/tickets/{number}"
    assert len(jan.page(page).xpath("//article")) == 50
    with counted(app) as sent:
        jan.page(page)
    assert len(sent) <= 8, sent


def test_many_are_assigned_and_closed_at_once_and_the_rest_is_explained(
    jan: Visitor, open_ticket: Open, browser_of: Browser
) -> None:
    own, closed, foreign = open_ticket(), open_ticket(), open_ticket(group="TARGIT")
    jan.submit(f"/desk/tickets/{closed}", {}, form="//form[contains(@action,'/close')]")
    many = "//form[@action='/desk/tickets/many']"
    answer = jan.submit(LIST, {"number": [str(own), str(closed), str(foreign)], "act": "close"}, form=many)
    assert f"#{closed}:" in answer.text
    assert f"#{foreign}" in answer.text
    assert "Nowe" in text_of(browser_of("ola@desk.example").page(f"/desk/tickets/{foreign}"))
    assert "Zamknięte" in text_of(jan.page(f"/desk/tickets/{own}"))
    iga = browser_of("iga@desk.example")
    iga.submit(LIST, {"number": [str(own), str(foreign)], "act": "assign", "assignee": "me"}, form=many)
    assert numbers(iga, "?assignee=me") == [foreign, own]


def test_after_many_the_consultant_is_back_in_his_list_and_nowhere_else(jan: Visitor, open_ticket: Open) -> None:
    number = open_ticket()
    form = jan.page(f"{LIST}?state=new").xpath("//form[@action='/desk/tickets/many']")[0]
    chosen = {"number": str(number), "act": "assign", "assignee": "me"}
    assert jan.send(form, LIST, chosen, follow=False).location == f"{LIST}?state=new"
    for evil in ("//evil.example/", "https://evil.example/desk/tickets/list/", "/desk/tickets/list/\\evil"):
        assert jan.send(form, LIST, {**chosen, "back": evil}, follow=False).location == LIST


def test_a_foreign_ticket_looks_like_none(jan: Visitor, open_ticket: Open) -> None:
    foreign = open_ticket(group="TARGIT")
    own = jan.page(f"/desk/tickets/{open_ticket()}")
    token = own.xpath("//input[@name='csrf_token']/@value")[0]
    for number in (foreign, 999999, 2**31 - 1, 2**40):
        jan.page(f"/desk/tickets/{number}", status=404)
        for verb in VERBS:
            data = {"csrf_token": token, "text": "x", "then": "", "note-text": "x", "note-csrf_token": token}
            answer = jan.post(f"/desk/tickets/{number}/{verb}", data=data)
            assert answer.status_code == 404, verb


def test_an_auditor_reads_everything_and_changes_nothing(auditor: Visitor, open_ticket: Open) -> None:
    number = open_ticket()
    assert f"#{number}" in text_of(auditor.page(LIST))
    page = auditor.page(f"/desk/tickets/{number}")
    assert not page.xpath("//main//form")
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    for verb in (*(f"{number}/{verb}" for verb in VERBS), "many", "new"):
        assert auditor.post(f"/desk/tickets/{verb}", data={"csrf_token": token}).status_code == 403


def test_customers_and_strangers_stay_outside(client: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    number = open_ticket()
    assert "/login" in client.get(LIST).location
    anna = browser_of("anna@klient.example")
    for path in ("/desk/", LIST, f"/desk/tickets/{number}", "/desk/tickets/new"):
        assert anna.get(path).status_code == 403


def test_nothing_changes_without_the_token_of_the_form(jan: Visitor, open_ticket: Open) -> None:
    number = open_ticket()
    assert jan.post(f"/desk/tickets/{number}/close").status_code == 400
    assert "Nowe" in text_of(jan.page(f"/desk/tickets/{number}"))


@pytest.mark.parametrize("path", ["show/1", "edit/1", "delete/1", "add", "download/x", "action/x/1", "api/read"])
def test_the_stock_pages_of_the_framework_do_not_exist(jan: Visitor, path: str) -> None:
    jan.page(f"/desk/tickets/{path}", status=404)


def test_a_call_becomes_a_ticket_of_the_customer(jan: Visitor, people: None, browser_of: Browser) -> None:
    answer = jan.submit(
        "/desk/tickets/new",
        {"email": "ANNA@klient.example", "subject": "Drukarka", "text": "Nie drukuje faktur.", "product_group": "1"},
    )
    assert "Telefon" in answer.text or "Telephone" in answer.text
    assert "Drukarka" in text_of(browser_of("anna@klient.example").page("/tickets/"))


def test_a_call_for_a_foreign_product_group_is_refused(jan: Visitor, people: None) -> None:
    values = {"email": "nowy@klient.example", "subject": "Drukarka", "text": "Nie drukuje.", "product_group": "3"}
    answer = jan.submit("/desk/tickets/new", values)
    assert "alert-danger" in answer.text
    assert "Nie drukuje." in answer.text
