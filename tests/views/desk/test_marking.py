"""Bulk undo, tags and days in the grid; rating and watching in the portal and from the letter."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.beside import Rating, Watcher
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.models.types import utc_now
from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser, Open

MANY, UNDO = "//form[@action='/desk/tickets/many']", "//form[@action='/desk/tickets/undo']"
LIST = "/desk/tickets/list/"


def group_id(app: Flask, name: str) -> str:
    with app.app_context():
        return str(db.session.scalars(select(ProductGroup.id).where(ProductGroup.name == name)).one())


def states(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Ticket.status).order_by(Ticket.number)))


def test_one_click_undoes_many(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    numbers = [str(open_ticket()) for _time in range(3)]
    assert not jan.page(LIST).xpath(UNDO)
    jan.submit(LIST, {"number": numbers, "act": "close"}, form=MANY)
    assert states(app) == ["closed"] * 3
    page = f"/desk/tickets/{numbers[1]}"
    jan.submit(page, {}, form=f"//form[@action='{page}/reopen']")
    note = f"/desk/tickets/{numbers[2]}"
    jan.submit(note, {"note-text": "Zmiana"}, form=f"//form[@action='{note}/note']")
    said = jan.submit(LIST, {}, form=UNDO).text
    assert "Zmieniono 2 zgłoszenia" in said or "2 zgłoszenia" in said
    assert "Coś się w nim od tego czasu zmieniło" in said
    assert states(app) == ["new", "open", "new"]
    assert not jan.page(LIST).xpath(UNDO)


def test_priority_and_product_group_of_many_and_their_undo(
    app: Flask, jan: Visitor, browser_of: Browser, open_ticket: Open
) -> None:
    numbers = [str(open_ticket()) for _time in range(2)]

    def facts() -> set[tuple[str, str]]:
        with app.app_context():
            return {(row.priority, row.product_group.name) for row in db.session.scalars(select(Ticket))}

    jan.submit(LIST, {"number": numbers, "act": "priority", "priority": "urgent"}, form=MANY)
    assert facts() == {("urgent", "DYNAMICS")}
    assert not jan.page(LIST).xpath(f"{MANY}//select[@name='group']"), "he manages no product group"
    token = jan.page(LIST).xpath("//input[@name='csrf_token']/@value")[0]
    asked = {"number": numbers, "act": "transfer", "group": group_id(app, "TARGIT"), "csrf_token": token}
    refused = jan.post("/desk/tickets/many", data=asked, follow_redirects=True).text
    assert "Zgłoszenie #1001 nie istnieje albo nie masz prawa go zmienić." in refused
    assert facts() == {("urgent", "DYNAMICS")}
    adam = browser_of("adam@desk.example")
    adam.submit(LIST, {"number": numbers, "act": "transfer", "group": group_id(app, "TARGIT")}, form=MANY)
    assert facts() == {("urgent", "TARGIT")}
    adam.submit(LIST, {}, form=UNDO)
    jan.submit(LIST, {}, form=UNDO)
    assert facts() == {("normal", "DYNAMICS")}


def test_nobody_undoes_anothers_act_or_twice(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    open_ticket()
    jan.submit(LIST, {"number": "1001", "act": "close"}, form=MANY)
    token = jan.page(LIST).xpath("//input[@name='csrf_token']/@value")[0]
    jan.submit(LIST, {}, form=UNDO)
    assert "dziesięć minut" in jan.post("/desk/tickets/undo", data={"csrf_token": token}, follow_redirects=True).text
    assert states(app) == ["new"]


def test_tags_and_days_filter_the_grid(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    one, two = open_ticket(subject="Pierwszy"), open_ticket(subject="Drugi")
    page = f"/desk/tickets/{one}"
    jan.submit(page, {"tags": "VAT, faktury"}, form=f"//form[@action='{page}/tags']")
    day = (utc_now() + timedelta(days=3)).date().isoformat()
    jan.submit(page, {"on": day}, form=f"//form[@action='{page}/follow-up']")
    for query, found in (("tag=vat", True), ("tag=nic", False), ("follow_up=any", True), ("follow_up=due", False)):
        text = text_of(jan.page(f"{LIST}?{query}"))
        assert ("Pierwszy" in text) == found
        assert "Drugi" not in text
    assert "trzy lata" in jan.submit(page, {"on": "2001-01-01"}, form=f"//form[@action='{page}/follow-up']").text
    assert two


def test_a_customer_rates_a_closed_ticket_and_a_consultant_sees_it(
    app: Flask, jan: Visitor, browser_of: Browser, open_ticket: Open
) -> None:
    number = open_ticket()
    page = f"/tickets/{number}"
    anna = browser_of("anna@klient.example")
    assert not anna.page(page).xpath(f"//form[@action='{page}/rate']")
    anna.submit(page, {}, form=f"//form[@action='{page}/close']")
    anna.submit(page, {"score": "bad", "comment": "Długo czekałam"}, form=f"//form[@action='{page}/rate']")
    with app.app_context():
        assert [row.score for row in db.session.scalars(select(Rating))] == ["bad"]
    assert "Długo czekałam" in text_of(jan.page(f"/desk/tickets/{number}"))


def test_who_sees_a_ticket_may_watch_it(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    page = f"/desk/tickets/{open_ticket()}"
    for act, count in (("watch", 1), ("unwatch", 0)):
        jan.submit(page, {}, form=f"//form[@action='{page}/{act}']")
        with app.app_context():
            assert len(db.session.scalars(select(Watcher)).all()) == count
