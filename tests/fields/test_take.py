"""Conditions, rights and what was there before: one answer for every door."""

from __future__ import annotations

from typing import Any

import pytest

from app.fields import Definition, Option, Situation, for_browser, holds, shapes, stored, take
from app.fields.refusals import Why
from tests.fields.samples import a_field

CUSTOMER = Situation(frozenset({"customer"}), "new")
CONSULTANT = Situation(frozenset({"consultant"}), "open")
SIZE = a_field("choice", "rozmiar")
IF_LARGE = {"field": SIZE.id, "in": ["large"]}


def refusals(taken: Any) -> dict[str, Why]:
    return {field_id: unfit.why for field_id, unfit in taken.refused.items()}


@pytest.mark.parametrize(
    ("condition", "holding"),
    [
        ({"role": ["customer"]}, True),
        ({"role": ["consultant"]}, False),
        ({"state": ["new"]}, True),
        ({"not": {"state": ["new"]}}, False),
        ({"field": "a", "in": ["x", "y"]}, True),
        ({"field": "list", "in": ["q"]}, True),
        ({"field": "a", "filled": True}, True),
        ({"field": "none", "filled": False}, True),
        ({"field": "none", "in": ["x"]}, False),
        ({"field": "n", "from": 10}, False),
        ({"field": "n", "to": 9}, True),
        ({"field": "money", "from": "9.00"}, True),
        ({"field": "day", "from": "2026-01-01"}, True),
        ({"field": "a", "from": 5}, False),
        ({"all": [{"state": ["new"]}, {"field": "a", "in": ["z"]}]}, False),
        ({"any": [{"state": ["new"]}, {"field": "a", "in": ["z"]}]}, True),
    ],
)
def test_a_condition_holds_or_not(condition: dict[str, Any], holding: bool) -> None:
    values = {"a": "x", "n": 9, "list": ["p", "q"], "money": "10.00", "day": "2026-11-30"}
    assert holds(condition, values, CUSTOMER) is holding


def test_the_browser_gets_only_what_hangs_on_fields_of_its_form() -> None:
    condition = {"all": [{"role": ["customer"]}, {"any": [IF_LARGE, {"field": "hidden", "in": ["x"]}]}]}
    left = for_browser(condition, {"hidden": "y"}, CUSTOMER, {SIZE.id})
    assert left == {"all": [{"any": [IF_LARGE]}]}
    assert for_browser(condition, {"hidden": "x"}, CUSTOMER, {SIZE.id}) is True
    assert for_browser(condition, {}, CONSULTANT, {SIZE.id}) is False


def test_a_value_hidden_by_a_condition_is_dropped_and_asks_for_nothing() -> None:
    why = a_field("text", "powod", shown_if=IF_LARGE, required=True)
    large = take([SIZE, why], {SIZE.id: "large"}, situation=CUSTOMER)
    assert refusals(large) == {why.id: Why.MISSING}
    told = take([SIZE, why], {SIZE.id: "large", why.id: "bo tak"}, situation=CUSTOMER)
    assert told.values == {SIZE.id: "large", why.id: "bo tak"}
    small = take([SIZE, why], {SIZE.id: "small"}, situation=CUSTOMER, before=told.values)
    assert small.values == {SIZE.id: "small"}
    assert small.refused == {}


def test_a_hidden_field_counts_as_empty_for_those_that_hang_on_it() -> None:
    second = a_field("choice", "drugi", shown_if=IF_LARGE)
    third = a_field("text", "trzeci", shown_if={"field": second.id, "filled": True})
    found = shapes([third, second, SIZE], {SIZE.id: "small", second.id: "large", third.id: "x"}, CUSTOMER)
    assert [found[each.id].shown for each in (SIZE, second, third)] == [True, False, False]


def test_a_value_hidden_by_right_is_never_touched() -> None:
    secret = a_field("text", "tajne", read_by=("consultant",), required=True, shown_if=IF_LARGE)
    before = {SIZE.id: "large", secret.id: "cena"}
    taken = take([SIZE, secret], {SIZE.id: "small"}, situation=CUSTOMER, before=before)
    assert taken.values == {SIZE.id: "small", secret.id: "cena"}
    refused = take([SIZE, secret], {secret.id: "x"}, situation=CUSTOMER, before=before)
    assert refused.values == before
    assert refusals(refused) == {secret.id: Why.UNKNOWN}
    nowhere = take([SIZE], {"f" * 32: "x"}, situation=CUSTOMER)
    assert str(refused.refused[secret.id]) == str(nowhere.refused["f" * 32])


def test_who_may_only_read_a_field_changes_nothing_of_it() -> None:
    field = a_field("text", "tylko", write_by=("consultant",), required=True)
    assert refusals(take([field], {field.id: "x"}, situation=CUSTOMER)) == {field.id: Why.UNKNOWN}
    assert take([field], {}, situation=CUSTOMER).refused == {}
    assert take([field], {field.id: "x"}, situation=CONSULTANT).values == {field.id: "x"}


def test_required_by_role_and_state() -> None:
    field = a_field("text", "raz", required_if={"all": [{"role": ["consultant"]}, {"state": ["open"]}]})
    assert take([field], {}, situation=CUSTOMER).refused == {}
    assert refusals(take([field], {}, situation=CONSULTANT)) == {field.id: Why.MISSING}


def test_a_withdrawn_option_stays_where_it_was_and_is_not_chosen_anew() -> None:
    assert refusals(take([SIZE], {SIZE.id: "old"}, situation=CUSTOMER)) == {SIZE.id: Why.WITHDRAWN}
    assert take([SIZE], {SIZE.id: "old"}, situation=CUSTOMER, before={SIZE.id: "old"}).refused == {}


def test_options_that_do_not_go_with_the_other_answers() -> None:
    options = (Option("a", {}), Option("b", {}, allowed_if=IF_LARGE))
    field = a_field("choice", "wybor", options=options)
    assert refusals(take([field, SIZE], {field.id: "b"}, situation=CUSTOMER)) == {field.id: Why.NOT_ALLOWED}
    assert take([field, SIZE], {field.id: "b", SIZE.id: "large"}, situation=CUSTOMER).refused == {}


def test_a_change_is_not_stopped_by_rules_that_came_later() -> None:
    new = a_field("text", "nowe", required=True)
    assert take([SIZE, new], {SIZE.id: "small"}, situation=CUSTOMER, before={}).refused == {}
    assert refusals(take([SIZE, new], {new.id: ""}, situation=CUSTOMER, before={})) == {new.id: Why.MISSING}


def test_defaults_hold_for_new_rows_and_a_bad_one_stops_nothing() -> None:
    good, bad = a_field("number", "ile", default=3), a_field("number", "zle", default="?")
    assert take([good, bad], {}, situation=CUSTOMER).values == {good.id: 3}
    assert take([good], {good.id: None}, situation=CUSTOMER).values == {}


def test_a_reference_to_a_row_that_one_may_not_see_is_one_to_nothing() -> None:
    field = a_field("reference", "kto", target="account")
    taken = take([field], {field.id: 5}, situation=CUSTOMER, exists=lambda _field, value: value == 4)
    assert refusals(taken) == {field.id: Why.NO_ROW}


def test_fields_of_another_form_keep_their_values() -> None:
    assert take([SIZE], {SIZE.id: "small"}, situation=CUSTOMER, before={"x": 1}).values == {"x": 1, SIZE.id: "small"}


def test_what_sorts_otherwise_than_it_is_kept_has_its_key_beside_it() -> None:
    text, money = a_field("text", "miasto"), a_field("money", "kwota")
    kept = stored([text, money, SIZE], {text.id: "Łódź", money.id: "12.50", SIZE.id: "small"})
    assert kept[f"{money.id}~"] == 1250
    assert kept[f"{text.id}~"] == "l1o1d0z1"
    assert f"{SIZE.id}~" not in kept
    assert stored([text], {text.id: None}) == {}


def test_circles_of_conditions_are_still_decided() -> None:
    one, two = a_field("text", "jeden"), a_field("text", "dwa")
    circle: list[Definition] = [
        one.changed(shown_if={"field": two.id, "filled": True}),
        two.changed(shown_if={"field": one.id, "filled": True}),
    ]
    assert take(circle, {one.id: "x"}, situation=CUSTOMER).refused == {}
