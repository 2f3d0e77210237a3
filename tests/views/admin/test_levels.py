"""Service levels are kept by administrators, seen in the grid and told by API."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.desk import tickets
from app.desk.content import Contribution
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.level import ServiceLevel
from app.models.product_group import ProductGroup
from app.models.ticket import Channel
from tests.browsing import Visitor, text_of

LEVEL = {"name": "Pilny", "priority": "urgent", "first_minutes": "30", "solution_minutes": "480"}


def test_a_level_is_added_and_changed(app: Flask, adam: Visitor) -> None:
    adam.submit("/desk/levels/add", LEVEL | {"organisation": "Klient"})
    with app.app_context():
        level = db.session.scalars(select(ServiceLevel)).one()
        assert (level.priority, level.first_minutes, level.next_minutes) == ("urgent", 30, None)
        assert level.organisation is not None
        row = level.id
    adam.submit(f"/desk/levels/edit/{row}", {"organisation": "", "next_minutes": "60"})
    with app.app_context():
        level = db.session.scalars(select(ServiceLevel)).one()
        assert (level.organisation, level.next_minutes, level.priority) == (None, 60, "urgent")
    page = text_of(adam.page("/desk/levels/list/"))
    assert "Pilny" in page
    assert "Wszystkie" in page


def test_what_cannot_be_a_level_is_refused(app: Flask, adam: Visitor) -> None:
    adam.submit("/desk/levels/add", LEVEL)
    refused = (
        {"name": "x", "first_minutes": "-5"},
        {"name": "z", "first_minutes": "0"},
        {"name": "nic"},
        {"name": "y", "organisation": "Nikt"},
    )
    for wrong in (LEVEL, LEVEL | {"name": "Drugi"}, *refused):
        answer = adam.submit("/desk/levels/add", wrong)
        assert 'aria-invalid="true"' in answer.text, wrong
    with app.app_context():
        assert len(db.session.scalars(select(ServiceLevel)).all()) == 1


def test_each_level_warns_at_its_own_time(app: Flask, adam: Visitor, jan: Visitor) -> None:
    adam.submit("/desk/levels/add", LEVEL | {"warn_percent": "50"})
    with app.app_context():
        assert db.session.scalars(select(ServiceLevel.warn_percent)).one() == 50
    assert "50%" in text_of(adam.page("/desk/levels/list/"))
    assert 'aria-invalid="true"' in adam.submit("/desk/levels/add", LEVEL | {"name": "x", "warn_percent": "0"}).text
    assert jan.get("/desk/levels/list/").status_code == 403


def test_one_active_level_is_for_the_same_tickets_also_by_the_databases_word(app: Flask, adam: Visitor) -> None:
    adam.submit("/desk/levels/add", LEVEL)
    token = adam.page("/desk/levels/add").xpath("//input[@name='csrf_token']/@value")[0]
    adam.post("/desk/levels/add", data=LEVEL | {"name": "Nieczynny", "warn_percent": "75", "csrf_token": token})
    with app.app_context():
        names = {level.name: level.active for level in db.session.scalars(select(ServiceLevel))}
        assert names == {"Pilny": True, "Nieczynny": False}
        with pytest.raises(IntegrityError), transaction():
            db.session.add(ServiceLevel(name="Bliźniak", priority="urgent", first_minutes=5))


def test_the_grid_shows_filters_and_sorts_what_is_due(
    app: Flask, adam: Visitor, jan: Visitor, people: dict[str, int]
) -> None:
    adam.submit("/desk/levels/add", {"name": "Zwykły", "first_minutes": "600"})
    with app.app_context(), transaction():
        anna = db.session.scalars(select(Account).where(Account.email == "anna@klient.example")).one()
        group = db.session.scalars(select(ProductGroup).where(ProductGroup.name == "DYNAMICS")).one()
        for subject, minutes in (("Pierwszy", 600), ("Drugi", 1)):
            ticket = tickets.open_ticket(
                requester=anna,
                product_group=group,
                subject=subject,
                contribution=Contribution(text="x", channel=Channel.PORTAL),
                by=anna,
            )
            number = ticket.number
            if minutes == 1:
                ticket.terms[0].due_at = ticket.due_at = ticket.arrived_at.replace(year=2020)
    page = text_of(adam.page("/desk/tickets/list/?sort=due"))
    assert page.index("Drugi") < page.index("Pierwszy")
    assert "Po terminie" in page
    late = text_of(adam.page("/desk/tickets/list/?due=late"))
    assert "Drugi" in late
    assert "Pierwszy" not in late
    assert "Pierwszy" in text_of(adam.page("/desk/tickets/list/?due=any"))
    assert "Obiecane terminy" in text_of(adam.page(f"/desk/tickets/{number}"))
