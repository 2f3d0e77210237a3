"""The customer's card: what the desk knows of him, as far as its reader may see it, and notes that he never reads."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.audit import AuditEntry
from app.models.customer_note import CustomerNote
from app.models.event import Letter
from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser, Open

NOTE = "//form[contains(@action, '/customer-note')]"
SECRET = "Zawsze dzwoni dwa razy."


def test_other_tickets_are_shown_as_far_as_they_may_be_seen(
    jan: Visitor, open_ticket: Open, browser_of: Browser, make_account: object
) -> None:
    make_account("piotr@klient.example", organisation="Klient", name="Piotr Lis")  # type: ignore[operator]
    number = open_ticket(subject="Ten tutaj")
    open_ticket(subject="Mój inny")
    open_ticket("piotr@klient.example", subject="Kolegi")
    open_ticket(group="TARGIT", subject="Cudzej grupy")
    open_ticket("ewa@inny.example", subject="Obcej firmy")
    shown = text_of(jan.page(f"/desk/tickets/{number}/customer"))
    assert "Mój inny" in shown
    assert "Kolegi" in shown
    assert not [each for each in ("Ten tutaj", "Cudzej grupy", "Obcej firmy", "TARGIT") if each in shown]
    assert "TARGIT, " not in shown
    iga = browser_of("iga@desk.example")
    part = iga.get(f"/desk/tickets/{number}/customer", headers={"HX-Request": "true"}).text
    assert "Cudzej grupy" in part
    assert "<html" not in part


@pytest.mark.parametrize("about", ["person", "organisation"])
def test_a_note_stands_beside_every_ticket_of_whom_it_is_about_and_leaves_the_desk_nowhere(
    app: Flask, jan: Visitor, open_ticket: Open, browser_of: Browser, about: str
) -> None:
    path = f"/desk/tickets/{open_ticket()}/customer"
    jan.submit(path, {"text": SECRET, "about": about}, form=NOTE)
    elsewhere = open_ticket(group="TARGIT")
    ola, anna = browser_of("ola@desk.example"), browser_of("anna@klient.example")
    assert SECRET in text_of(ola.page(f"/desk/tickets/{elsewhere}/customer"))
    stranger = open_ticket("ewa@inny.example", "TARGIT")
    assert SECRET not in text_of(ola.page(f"/desk/tickets/{stranger}/customer"))
    assert not [each for each in ("/", f"/tickets/{elsewhere}", "/search?q=dzwoni") if SECRET in anna.get(each).text]
    assert anna.get(path).status_code in (302, 403, 404)
    ola.submit(f"/desk/tickets/{elsewhere}/customer", {}, form="//form[contains(@action, '/forget')]")
    with app.app_context():
        assert db.session.scalars(select(CustomerNote)).all() == []
        assert db.session.scalars(select(Letter.template).where(Letter.template == "noted")).all() == []
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "customer_note")).all()
        assert [(row.who, row.data["how"]) for row in rows] == [
            ("jan@desk.example", "added"),
            ("ola@desk.example", "removed"),
        ]
        assert SECRET not in str([row.data for row in rows])
