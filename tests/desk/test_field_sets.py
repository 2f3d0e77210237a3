"""Publishing fields: one number for all of them, history, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from app.desk import field_sets
from app.desk.field_sets import BadDefinition, NoReason, NothingToUndo, StaleField
from app.events.transaction import transaction
from app.extensions import db
from app.models import definitions
from app.models.account import Account
from app.models.field import FieldSet
from tests.fields.samples import a_field
from tests.people import add_account

TOWN = a_field("text", "miasto")


@pytest.fixture
def ada(context: None) -> Account:
    with transaction():
        ada = add_account("adela@pomoc.example", role="administrator")
    return ada


def publish(*changes: object, by: Account, reason: str = "bo tak", **more: object) -> FieldSet:
    with transaction():
        return field_sets.publish(changes, reason=reason, by=by, **more)  # type: ignore[arg-type]


def names() -> list[str]:
    definitions.forget()
    return [each.name for each in definitions.published(db.session).of("ticket")]


def test_what_is_published_holds_and_can_be_taken_back(ada: Account) -> None:
    first = publish(TOWN, by=ada)
    second = publish(TOWN.changed(name="miejscowosc", old_names={"miasto": "2099-01-01"}), by=ada)
    assert names() == ["miejscowosc"]
    now = definitions.published(db.session)
    assert now.named("ticket", "miasto", "2026-11-30") == now.named("ticket", "miejscowosc", "2026-11-30")
    assert now.named("ticket", "miasto", "2100-01-01") is None
    with transaction():
        third = field_sets.undo(second.number, reason="pomyłka", by=ada)
    assert names() == ["miasto"]
    assert (third.number, third.hash, third.undoes) == (3, first.hash, 2)
    assert [each.number for each in field_sets.history()] == [3, 2, 1]
    with pytest.raises(NothingToUndo), transaction():
        field_sets.undo(1, reason="pomyłka", by=ada)


def test_a_set_of_old_stays_readable(ada: Account) -> None:
    number = publish(TOWN, by=ada).number
    publish(TOWN.changed(deleted_on="2026-11-30"), by=ada)
    assert names() == []
    assert [each.name for each in definitions.published_as(db.session, number).of("ticket")] == ["miasto"]


def test_two_administrators_do_not_write_over_each_other(ada: Account) -> None:
    publish(TOWN, by=ada, seen={TOWN.id: 0})
    publish(TOWN.changed(required=True), by=ada, seen={TOWN.id: 1})
    with pytest.raises(StaleField):
        publish(TOWN.changed(position=3), by=ada, seen={TOWN.id: 1})


def test_nothing_is_published_without_a_reason_or_beside_the_rules(ada: Account) -> None:
    with pytest.raises(NoReason):
        publish(TOWN, by=ada, reason=" ")
    with pytest.raises(BadDefinition) as caught:
        publish(TOWN, a_field("text", "status"), by=ada)
    assert caught.value.about == "name"
    assert names() == []


@pytest.mark.parametrize(
    "wrong",
    [
        *({"kind": "hologram"}, {"labels": []}, {"labels": {"pl": 5}}, {"section": "Dane"}, {"old_names": {"x": None}}),
        *({"position": "a"}, {"options": [{"key": 1, "labels": {}}]}, {"options": [{"key": "a", "labels": None}]}),
        *({"deleted_on": 5}, {"colour": "red"}, {"name": None}, {"pattern": []}, {"shown_if": {"all": 5}}),
    ],
)
def test_a_definition_that_nobody_can_read_stops_nothing(ada: Account, wrong: dict[str, Any]) -> None:
    kept = publish(TOWN, a_field("number", "ile"), by=ada)
    with transaction():
        row = field_sets._versions(kept.versions)[TOWN.id]
        row.data = {**row.data, **wrong}
    assert names() == ["ile"]


def test_a_form_has_the_fields_of_its_product_group(ada: Account) -> None:
    publish(TOWN, a_field("number", "ile", groups=(7,)), by=ada)
    now = definitions.published(db.session)
    assert [each.name for each in now.of("ticket", 7)] == ["ile", "miasto"]
    assert [each.name for each in now.of("ticket", 8)] == ["miasto"]
