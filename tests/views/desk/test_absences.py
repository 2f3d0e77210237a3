"""Absences on their page: one's own, or as an administrator everybody's."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.absence import Absence
from app.models.account import Account
from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser

PAGE = "/desk/absences/"
DAYS = {"first": "2099-12-01", "last": "2099-12-24"}


def id_of(app: Flask, name: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Account.id).where(Account.email == f"{name}@desk.example")).one()


def known(app: Flask) -> list[tuple[int, int | None]]:
    with app.app_context():
        return [(row.account_id, row.substitute_id) for row in db.session.scalars(select(Absence))]


def test_a_consultant_says_that_he_is_away_and_that_he_is_back(app: Flask, jan: Visitor) -> None:
    mine, iga = id_of(app, "jan"), id_of(app, "iga")
    page = jan.submit(PAGE, {**DAYS, "substitute": str(iga)}, form="//main//form[@class='sheet']")
    assert "Jan Dynamiczny" in page.text
    assert "Iga Dwojga" in text_of(jan.page(PAGE))
    assert known(app) == [(mine, iga)]
    jan.submit(PAGE, {}, form=f"//form[@action='{PAGE}{mine}/end']")
    assert known(app) == []


def test_he_says_it_of_nobody_else_and_an_administrator_does(app: Flask, jan: Visitor, browser_of: Browser) -> None:
    ola = str(id_of(app, "ola"))
    jan.submit(PAGE, {**DAYS, "account": ola}, form="//main//form[@class='sheet']")
    assert known(app) == []
    adam = browser_of("adam@desk.example")
    adam.submit(PAGE, {**DAYS, "account": ola}, form="//main//form[@class='sheet']")
    assert known(app) == [(int(ola), None)]
    form = jan.page(PAGE).xpath("//main//form[@class='sheet']")[0]
    token = form.xpath(".//input[@name='csrf_token']/@value")[0]
    assert jan.post(f"{PAGE}{ola}/end", data={"csrf_token": token}).status_code == 404


def test_a_mistake_is_said_and_nothing_is_lost(app: Flask, jan: Visitor) -> None:
    answer = jan.submit(PAGE, {"first": "2099-12-24", "last": "2099-12-01"}, form="//main//form[@class='sheet']")
    assert "Ostatni dzień nie może być wcześniejszy" in answer.text
    assert 'value="2099-12-24"' in answer.text
    assert known(app) == []
    assert "Wybierz dzień." in jan.submit(PAGE, {}, form="//main//form[@class='sheet']").text


def test_an_auditor_reads_it_only(auditor: Visitor, jan: Visitor) -> None:
    jan.submit(PAGE, DAYS, form="//main//form[@class='sheet']")
    page = auditor.page(PAGE)
    assert "Jan Dynamiczny" in text_of(page)
    assert not page.xpath("//main//form")
