"""Columns, groups and files of the list: what is seen is what is kept and taken away."""

from __future__ import annotations

import csv

import pytest
from flask import Flask

from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser, Open
from tests.views.desk.test_saved_views import BUILD, keep, publish
from tests.views.desk.test_tickets import LIST, numbers
from tests.views.statements import counted

LOOK = "//form[@action='/desk/views/look']"
USUAL = ["Stan", "Priorytet", "Grupa produktowa", "Klient", "Kto odpowiada", "Wpłynęło", "Termin", "Ostatnia zmiana"]


def heads(visitor: Visitor, query: str = "") -> list[str]:
    cells = visitor.page(f"{LIST}{query}").xpath("//main//thead//th[not(@class)]")
    return [text_of(cell) for cell in cells][1:]


def sections(visitor: Visitor, query: str) -> dict[str, list[str]]:
    """The headings of the groups with their counts, and the tickets below each."""
    bodies = visitor.page(f"{LIST}{query}").xpath("//main//table/tbody")
    return {
        text_of(body.xpath("./tr[@class='section']/th")[0]).removesuffix(" Pokaż wszystkie"): body.xpath(
            ".//input[@name='number']/@value"
        )
        for body in bodies
    }


def test_columns_are_a_choice_of_the_list_the_view_or_the_person(app: Flask, jan: Visitor, open_ticket: Open) -> None:
    publish(app, BUILD)
    open_ticket()
    assert heads(jan) == [*USUAL[:-1], "Pole", USUAL[-1]]
    jan.submit(f"{LIST}?priority=normal", {"column": ["due", "field.build"], "keep": "columns"}, form=LOOK)
    assert heads(jan) == ["Termin", "Pole"]
    answer = jan.submit(
        f"{LIST}?priority=normal", {"column": ["state", "evil"], "keep": "here"}, form=LOOK, follow=False
    )
    assert answer.location == f"{LIST}?priority=normal&column=state"
    assert heads(jan, "?priority=normal&column=state") == ["Stan"]
    view = keep(jan, "priority=normal&column=group&column=field.build")
    assert heads(jan, f"?view={view}") == ["Grupa produktowa", "Pole"]
    publish(app, BUILD.changed(name="wydanie", old_names={"build": "2099-01-01"}))
    assert heads(jan, f"?view={view}") == ["Grupa produktowa", "Pole"]
    assert heads(jan) == ["Termin", "Pole"]
    publish(app, BUILD.changed(in_grid=False))
    page = text_of(jan.page(f"{LIST}?view={view}"))
    assert "bez tego: kolumna." in page
    assert heads(jan, f"?view={view}") == ["Grupa produktowa"]
    assert heads(jan) == ["Termin"]
    jan.submit(LIST, {"keep": "usual"}, form=LOOK)
    assert heads(jan) == USUAL


def test_rows_are_narrow_for_who_likes_them_so(jan: Visitor, open_ticket: Open) -> None:
    open_ticket()
    dense = "//table[contains(@class, 'dense')]"
    jan.submit(LIST, {"keep": "compact"}, form=LOOK)
    assert jan.page(LIST).xpath(dense)
    jan.submit(LIST, {"keep": "roomy"}, form=LOOK)
    assert not jan.page(LIST).xpath(dense)


def test_a_file_holds_what_is_seen_and_no_formula(jan: Visitor, open_ticket: Open) -> None:
    """O17, O60: the columns, the filter and the order of the list or the view, and no row besides."""
    first, second, other = open_ticket(subject="=1+1"), open_ticket(subject="@x"), open_ticket(group="TARGIT")
    view = keep(jan, "organisation=Klient&sort=number&column=assignee&column=group")
    for query in (f"view={view}", "sort=number&column=assignee&column=group"):
        with jan.get(f"/desk/tickets/export?seen=1&{query}") as answer:
            rows = list(csv.reader(answer.text.removeprefix("\ufeff").splitlines(), delimiter=";"))
        assert rows == [
            ["Numer", "Temat", "Kto odpowiada", "Grupa produktowa"],
            [str(second), "'@x", "", "DYNAMICS"],
            [str(first), "'=1+1", "", "DYNAMICS"],
        ], other


def test_groups_show_what_their_reader_sees(app: Flask, jan: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    first, second, foreign = open_ticket(), open_ticket(), open_ticket(group="TARGIT")
    jan.submit(f"/desk/tickets/{first}", {"assignee": "me"}, form="//form[contains(@action,'/assign')]")
    jan.submit(f"/desk/tickets/{second}", {"priority": "urgent"}, form="//form[contains(@action,'/priority')]")
    assert sections(jan, "?by=group") == {"DYNAMICS 2": [str(second), str(first)]}
    assert sections(jan, "?by=assignee") == {"Nikt 1": [str(second)], "Jan Dynamiczny 1": [str(first)]}
    iga = browser_of("iga@desk.example")
    assert sections(iga, "?by=group&sort=number") == {
        "DYNAMICS 2": [str(second), str(first)],
        "TARGIT 1": [str(foreign)],
    }
    link = jan.page(f"{LIST}?by=assignee&sort=number").xpath("//tr[@class='section']//a/@href")[0]
    assert link == f"{LIST}?sort=number&assignee=nobody"
    assert numbers(jan, link.removeprefix(LIST)) == [second]
    with counted(app) as sent:
        jan.page(f"{LIST}?by=state")
    assert len(sent) <= 6, sent


def test_a_list_that_takes_too_long_says_what_to_narrow(
    app: Flask, jan: Visitor, open_ticket: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app, BUILD)
    open_ticket()
    monkeypatch.setattr("app.models.narrowed.Narrowed.narrowest", lambda *_: None)
    assert "Zawęź ją" not in text_of(jan.page(f"{LIST}?field.build=7"))
    monkeypatch.setattr("app.views.listing.PATIENCE", -1)
    assert "Zawęź ją jeszcze jednym filtrem" in text_of(jan.page(f"{LIST}?field.build=7"))
