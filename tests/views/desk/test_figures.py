"""The page of figures: days as asked for, and numbers that stand in words and tables too."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser, Open
from tests.views.statements import counted

PAGE = "/desk/figures/"


def test_it_tells_of_the_last_thirty_days(jan: Visitor, open_ticket: Open) -> None:
    open_ticket()
    open_ticket(group="TARGIT")
    page = jan.page(PAGE)
    assert page.xpath("//ul[@class='queues mb-4']/li[1]//span[@class='count']/text()") == ["1"]
    assert len(page.xpath("//section[@aria-labelledby='trend']//details//tbody/tr")) == 30
    assert page.xpath("//section[@aria-labelledby='groups']//tbody/tr/td[1]/text()") == ["DYNAMICS"]


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ("?days=7", 7), ("?days=90", 90), ("?days=8", 30), ("?days=x", 30), ("?since=2026-01-01&until=2026-01-10", 10),
        ("?since=2026-01-10&until=2026-01-01", 30), ("?since=0001-01-01&until=2026-01-01", 30),
        ("?since=2026-01-01&until=9999-12-31", 30), ("?since=2000-01-01&until=2026-01-01", 30), ("?since=%00", 30),
    ],
)  # fmt: skip
def test_the_time_is_as_asked_for_or_the_last_thirty_days(jan: Visitor, asked: str, days: int) -> None:
    assert len(jan.page(PAGE + asked).xpath("//section[@aria-labelledby='trend']//details//tbody/tr")) == days


def test_it_costs_few_statements(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    for _each in range(3):
        open_ticket()
    jan.page(PAGE)
    with counted(app) as said:
        jan.page(PAGE)
    assert len(said) <= 9, said


def test_customers_have_none(people: None, browser_of: Browser) -> None:
    assert browser_of("anna@klient.example").get(PAGE).status_code == 403


def test_an_empty_desk_says_so(jan: Visitor) -> None:
    assert "W tym czasie nic się nie wydarzyło" in text_of(jan.page(PAGE))
