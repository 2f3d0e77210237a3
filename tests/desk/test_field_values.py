"""Fields of tickets: filled in by forms, and never in the way of what arrives by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.desk import field_sets, field_values, tickets
from app.desk.content import Contribution
from app.desk.field_values import UnfitFields
from app.events.record import EventKind
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition
from app.models import definitions
from app.models.account import Account
from app.models.event import Event
from app.models.field import FieldSet, FieldValue, FieldVersion, Misfit
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Ticket
from tests.fields.samples import a_field
from tests.people import add_account

TOWN = a_field("text", "miasto", required=True)
SIZES = a_field("choices", "rozmiary", filterable=True)
PRICE = a_field("money", "cena", read_by=("consultant",), default="10.00")


@pytest.fixture
def anna(context: None) -> Account:
    with transaction():
        return add_account("zofia@nowy.example", organisation="Klient")


@pytest.fixture
def jan(context: None) -> Account:
    with transaction():
        return add_account("tytus@pomoc.example", role="consultant", groups=("DYNAMICS",))


@pytest.fixture
def report(anna: Account) -> Callable[..., Ticket]:
    """report({id: value}) or report(None), as a letter does."""

    def report(given: dict[str, Any] | None, channel: Channel = Channel.PORTAL) -> Ticket:
        with transaction():
            group = db.session.scalars(select(ProductGroup).order_by(ProductGroup.position)).first()
            said = Contribution(text="Nie działa", channel=channel)
            return tickets.open_ticket(
                requester=anna, product_group=group, subject="Awaria", contribution=said, by=anna, fields=given
            )

    return report


def publish(*fields: Definition) -> FieldSet:
    with transaction():
        return field_sets.publish(fields, reason="próba", by=None)


def test_a_form_fills_in_fields_and_the_ticket_remembers_under_which_set(report: Callable[..., Ticket]) -> None:
    number = publish(TOWN, SIZES, PRICE).number
    ticket = report({TOWN.id: "Łódź", SIZES.id: ["small", "large"]})
    kept = {
        TOWN.id: "Łódź",
        f"{TOWN.id}~": "l1o1d0z1",
        SIZES.id: ["small", "large"],
        PRICE.id: "10.00",
        f"{PRICE.id}~": 1000,
    }
    assert (ticket.fields, ticket.fields_set) == (kept, number)
    found = select(FieldValue.value).where(FieldValue.row_id == ticket.id, FieldValue.field_id == SIZES.id)
    assert set(db.session.scalars(found)) == {"small", "large"}


def test_a_form_that_does_not_fit_is_refused_and_makes_no_ticket(report: Callable[..., Ticket]) -> None:
    publish(TOWN)
    with pytest.raises(UnfitFields, match="Pole") as caught:
        report({})
    assert set(caught.value.refused) == {TOWN.id}
    assert db.session.scalar(select(Ticket.id)) is None


def test_a_letter_needs_no_fields(report: Callable[..., Ticket]) -> None:
    publish(TOWN, PRICE)
    assert report(None, Channel.MAIL).fields[PRICE.id] == "10.00"
    assert db.session.scalar(select(Misfit.id)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "number", "default": "dużo"},
        {"kind": "pattern", "pattern": "(", "default": "x"},
        {"kind": "hologram"},
        {"shown_if": {"field": 5}},
        {"least": "?", "default": "x"},
        {"kind": "reference", "target": "nothing", "default": "?"},
    ],
)
def test_a_wrong_definition_stops_no_letter(report: Callable[..., Ticket], wrong: dict[str, Any]) -> None:
    publish(TOWN)
    with transaction():
        version = db.session.scalars(select(FieldVersion)).one()
        version.data = {**version.data, **wrong}
    definitions.forget()
    ticket = report(None, Channel.MAIL)
    assert ticket.number
    waiting = db.session.scalars(select(Misfit)).all()
    expected = [(ticket.id, wrong["default"])] if "default" in wrong else []
    assert [(row.row_id, row.text) for row in waiting] == expected


def test_what_a_wrong_definition_cannot_judge_stays_with_a_strangers_report(context: None) -> None:
    publish(code := a_field("pattern", "kod"))
    with transaction():
        version = db.session.scalars(select(FieldVersion)).one()
        version.data = {**version.data, "pattern": "FV-[0-9"}
    definitions.forget()
    assert field_values.judged({code.id: "FV-0001"}, 1, language="pl") == {code.id: "FV-0001"}


def test_changes_are_told_to_those_who_read_the_field(
    report: Callable[..., Ticket], anna: Account, jan: Account
) -> None:
    publish(TOWN, PRICE)
    ticket = report({TOWN.id: "Łódź"})
    with transaction():
        field_values.fill(ticket, {TOWN.id: "Poznań", PRICE.id: "12"}, by=jan)
    told = select(Event.kind, Event.data).where(Event.ticket_id == ticket.id, Event.kind != EventKind.OPENED)
    assert [(kind, data["fields"]) for kind, data in db.session.execute(told.order_by(Event.id))] == [
        (EventKind.FIELDS_CHANGED, [TOWN.id]),
        (EventKind.FIELDS_NOTED, [PRICE.id]),
    ]
    with pytest.raises(UnfitFields), transaction():
        field_values.fill(ticket, {PRICE.id: "1"}, by=anna)
    db.session.refresh(ticket)
    assert ticket.fields[PRICE.id] == "12.00"
