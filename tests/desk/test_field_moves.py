"""Values follow a change of their field: another kind, a merged option, a field deleted long ago."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.desk import field_moves, field_sets, tickets
from app.desk.content import Contribution
from app.desk.field_sets import BadDefinition
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Kind, Option
from app.models.account import Account
from app.models.field import FieldMove, Misfit
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Ticket
from tests.fields.samples import a_field
from tests.people import add_account

AMOUNT = a_field("text", "ile")
SIZE = a_field("choice", "rozmiar")


@pytest.fixture
def anna(context: None) -> Account:
    with transaction():
        return add_account("zofia@nowy.example")


def publish(*fields: Definition) -> None:
    with transaction():
        field_sets.publish(fields, reason="próba", by=None)


def report(anna: Account, given: dict[str, Any]) -> int:
    with transaction():
        group = db.session.scalars(select(ProductGroup).order_by(ProductGroup.position)).first()
        said = Contribution(text="Nie działa", channel=Channel.PORTAL)
        return tickets.open_ticket(
            requester=anna, product_group=group, subject="x", contribution=said, by=anna, fields=given
        ).id


def fields_of(ticket_id: int) -> dict[str, Any]:
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket_id).fields


def test_a_change_of_kind_keeps_old_values_and_lists_what_does_not_fit(anna: Account) -> None:
    publish(AMOUNT)
    good, bad = report(anna, {AMOUNT.id: "12,5"}), report(anna, {AMOUNT.id: "dużo"})
    number = a_field("number", "ile", id="a" * 32, decimals=1, follows=AMOUNT.id)
    publish(*field_sets.with_followed(number, "2026-11-30"))
    for _time in range(2):  # done once, however often it is asked for
        field_moves.go_on()
    assert fields_of(good)[number.id] == 12.5
    assert fields_of(good)[AMOUNT.id] == "12,5"
    assert number.id not in fields_of(bad)
    assert [(row.row_id, row.text) for row in db.session.scalars(select(Misfit))] == [(bad, "dużo")]
    move = db.session.scalars(select(FieldMove)).one()
    assert (move.moved, move.misfits, move.done_at is not None) == (1, 1, True)


def test_a_name_passes_only_to_the_field_that_takes_its_place(anna: Account) -> None:
    publish(AMOUNT)
    with pytest.raises(BadDefinition):
        publish(a_field("number", "ile", id="a" * 32), AMOUNT.changed(deleted_on="2026-11-30"))


def test_a_merged_option_is_another_one_in_every_row(anna: Account) -> None:
    publish(SIZE)
    small, large = report(anna, {SIZE.id: "small"}), report(anna, {SIZE.id: "large"})
    words = {"pl": "x", "en": "x"}
    publish(SIZE.changed(options=(Option("small", words, withdrawn=True, merged_into="large"), Option("large", words))))
    field_moves.go_on()
    assert (fields_of(small)[SIZE.id], fields_of(large)[SIZE.id]) == ("large", "large")
    assert db.session.scalars(select(FieldMove.moved)).one() == 1


def test_values_of_a_deleted_field_are_kept_for_a_while(anna: Account) -> None:
    publish(AMOUNT)
    ticket = report(anna, {AMOUNT.id: "12"})
    publish(AMOUNT.changed(deleted_on="2999-01-01"))
    field_moves.go_on()
    assert fields_of(ticket)[AMOUNT.id] == "12"
    publish(AMOUNT.changed(deleted_on="2020-01-01"))
    field_moves.go_on()
    assert fields_of(ticket) == {}


@pytest.mark.parametrize(
    ("old", "value", "new", "kept"),
    [
        ("number", 12.5, "text", "12.5"),
        ("choice", "large", "text", "Duży"),
        ("text", "duży", "choice", "large"),
        ("choice", "large", "choices", ["large"]),
        ("text", "tak", "long_text", "tak"),
        ("date", "2026-11-30", "text", "2026-11-30"),
    ],
)
def test_a_value_is_converted_by_its_words(old: str, value: Any, new: str, kept: Any) -> None:
    assert field_moves.converted(a_field(old, "stare"), a_field(Kind(new), "nowe"), value) == kept
