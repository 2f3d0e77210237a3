"""A row of the list is changed where it stands; what somebody else did meanwhile stops it, and one click undoes it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from lxml import html
from sqlalchemy import select

from app.extensions import db
from app.models.ticket import Ticket
from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser, Open
from tests.views.desk.test_marking import UNDO
from tests.views.desk.test_tickets import LIST


def facts(app: Flask, number: int) -> tuple[Any, ...]:
    with app.app_context():
        row = db.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        return row.status, row.priority, row.assignee.name if row.assignee else None, row.product_group.name


def options(visitor: Visitor, path: str, name: str) -> list[str]:
    return [text_of(each) for each in visitor.page(path).xpath(f"//select[@name='{name}']/option")]


def test_a_row_is_changed_in_one_go_and_put_back(app: Flask, browser_of: Browser, open_ticket: Open) -> None:
    number = open_ticket()
    path, adam = f"/desk/tickets/{number}/change", browser_of("adam@desk.example")
    assert adam.page(f"{LIST}?sort=number").xpath(f"//a[@href='{path}'][@data-dialog]")
    form = adam.page(path).xpath("//main//form")[0]
    group = form.xpath(".//select[@name='product_group']/option[text()='TARGIT']/@value")[0]
    iga = form.xpath(".//select[@name='assignee']/option[text()='Iga Dwojga']/@value")[0]
    wanted = {"status": "open", "priority": "high", "assignee": iga, "product_group": group}
    answer = adam.send(form, path, {**wanted, "back": f"{LIST}?sort=number"}, follow=False)
    assert answer.location == f"{LIST}?sort=number#t{number}"
    assert facts(app, number) == ("open", "high", "Iga Dwojga", "TARGIT")
    assert "1 zgłoszenie" in adam.submit(LIST, {}, form=UNDO).text
    assert facts(app, number) == ("new", "normal", None, "DYNAMICS")


def test_what_changed_meanwhile_stops_it_and_nothing_is_lost(
    app: Flask, jan: Visitor, browser_of: Browser, open_ticket: Open
) -> None:
    number = open_ticket()
    path = f"/desk/tickets/{number}/change"
    form = jan.page(path).xpath("//main//form")[0]
    page = f"/desk/tickets/{number}"
    browser_of("adam@desk.example").submit(page, {"priority": "urgent"}, form=f"//form[@action='{page}/priority']")
    answer = jan.send(form, path, {"status": "open", "priority": "low"}, follow=False)
    assert answer.status_code == 409
    assert "Ktoś zmienił to zgłoszenie w międzyczasie" in answer.text
    assert "Teraz: Pilny" in answer.text
    assert facts(app, number)[:2] == ("new", "urgent")
    form = html.fromstring(answer.text).xpath("//main//form")[0]
    adam = browser_of("adam@desk.example")
    adam.submit(page, {"assignee": "me"}, form=f"//form[@action='{page}/assign']")  # which Jan does not touch
    jan.send(form, path, {})
    assert facts(app, number)[:3] == ("open", "low", "Adam Pan")


def test_each_may_change_what_his_level_says(jan: Visitor, browser_of: Browser, open_ticket: Open) -> None:
    number, foreign = open_ticket(), open_ticket(group="TARGIT")
    path = f"/desk/tickets/{number}/change"
    assert options(jan, path, "product_group") == ["DYNAMICS"]
    assert "Ola Celna" not in options(jan, path, "assignee")
    jan.page(f"/desk/tickets/{foreign}/change", status=404)
    form = jan.page(path).xpath("//main//form")[0]
    assert jan.send(form, path, {"product_group": "3"}).status_code == 409
    assert browser_of("audyt@desk.example").get(path).status_code == 403


def test_what_was_changed_by_others_is_not_put_back(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    number = open_ticket()
    path, page = f"/desk/tickets/{number}/change", f"/desk/tickets/{number}"
    jan.submit(path, {"status": "open", "priority": "high"})
    jan.submit(page, {"priority": "low"}, form=f"//form[@action='{page}/priority']")
    assert "tylko część" in jan.submit(LIST, {}, form=UNDO).text
    assert facts(app, number)[:2] == ("new", "low")
