"""The buttons that name another ticket, and the portal's way to where a merged ticket goes on."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.ticket import Ticket
from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser, Open


def press(visitor: Visitor, at: int, act: str, **values: Any) -> str:
    path = f"/desk/tickets/{at}"
    return visitor.submit(path, values, form=f"//form[@action='{path}/{act}']").text


def status(app: Flask, number: int) -> str:
    with app.app_context():
        return str(db.session.scalar(select(Ticket.status).where(Ticket.number == number)))


def test_the_portal_leads_from_a_merged_ticket_to_the_surviving_one(
    app: Flask, jan: Visitor, browser_of: Browser, open_ticket: Open
) -> None:
    one, two = open_ticket(), open_ticket()
    page = press(jan, one, "merge", number=f"#{two}")
    assert f"Zgłoszenie #{one} jest scalone z tym." in page
    assert f'action="/desk/tickets/{two}/reply"' in page, "one goes on where the conversation does"
    assert f"rozmowa toczy się dalej w #{two}" in text_of(jan.page(f"/desk/tickets/{one}"))
    assert f"Wchłonęło #{one}" in text_of(jan.page(f"/desk/tickets/{two}"))
    assert status(app, one) == "closed"
    assert f"Ze zgłoszenia #{one}" in text_of(jan.page(f"/desk/tickets/{two}"))
    anna = browser_of("anna@klient.example")
    answer = anna.get(f"/tickets/{one}")
    assert answer.location == f"/tickets/{two}"
    anna.submit(f"/tickets/{two}", {"text": "Dalej."}, form="//form[contains(@action, '/reply')]")
    assert "Dalej." in text_of(jan.page(f"/desk/tickets/{two}"))


@pytest.mark.parametrize(("act", "number"), [("merge", "999999"), ("merge", "abc"), ("link", ""), ("link", "999999")])
def test_a_number_that_is_no_ticket_is_told(app: Flask, jan: Visitor, open_ticket: Open, act: str, number: str) -> None:
    one = open_ticket()
    assert "Nie ma zgłoszenia o tym numerze" in press(jan, one, act, number=number)
    assert status(app, one) == "new"


def test_a_ticket_of_another_group_cannot_be_named(jan: Visitor, open_ticket: Open) -> None:
    one, foreign = open_ticket(), open_ticket(group="TARGIT")
    for act in ("merge", "link"):
        assert "Nie ma zgłoszenia o tym numerze" in press(jan, one, act, number=str(foreign))


def test_links_are_made_shown_and_taken_back(jan: Visitor, open_ticket: Open) -> None:
    one, two = open_ticket(subject="Pierwszy"), open_ticket(subject="Drugi")
    press(jan, one, "link", kind="caused_by", number=str(two))
    assert f"Spowodowane przez #{two} Drugi" in text_of(jan.page(f"/desk/tickets/{one}"))
    assert f"Jest przyczyną #{one} Pierwszy" in text_of(jan.page(f"/desk/tickets/{two}"))
    press(jan, two, "unlink")
    assert "Spowodowane przez #" not in text_of(jan.page(f"/desk/tickets/{one}").xpath("//aside")[0])


def test_a_message_is_split_from_the_page(jan: Visitor, browser_of: Browser, open_ticket: Open) -> None:
    one = open_ticket()
    form = "//form[contains(@action, '/reply')]"
    browser_of("anna@klient.example").submit(f"/tickets/{one}", {"text": "Przy okazji: drukarka."}, form=form)
    said = press(jan, one, "split", subject="Drukarka")
    assert "Drukarka" in said
    assert "Przy okazji: drukarka." not in text_of(jan.page(f"/desk/tickets/{one}"))
