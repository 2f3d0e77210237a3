"""Definitions that are not published, and what they are told."""

from __future__ import annotations

from typing import Any

import pytest

from app.fields import Option, check, check_all
from app.fields.check import MOST_INDEXED, Misdefined
from app.fields.patterns import BadPattern, check_pattern
from tests.fields.samples import OPTIONS, a_field


@pytest.mark.parametrize(
    ("about", "kind", "more"),
    [
        ("name", "text", {"name": "Numer"}),
        ("name", "text", {"name": "status"}),
        ("name", "text", {"name": "a" * 41}),
        ("label_en", "text", {"labels": {"pl": "Pole"}}),
        ("label_pl", "text", {"labels": {"pl": "x" * 121, "en": "x"}}),
        ("options", "choice", {"options": ()}),
        ("options", "choice", {"options": (*OPTIONS, OPTIONS[0])}),
        ("options", "choice", {"options": (Option("a b", {"pl": "x", "en": "x"}),)}),
        ("options", "tree", {"options": (Option("a", {"pl": "x", "en": "x"}, parent="a"),)}),
        ("pattern", "pattern", {"pattern": "("}),
        ("pattern", "pattern", {"pattern": "(a+)+"}),
        ("help_pl", "pattern", {"helps": {}}),
        ("target", "reference", {"target": "ticket"}),
        ("currency", "money", {"currency": "zł"}),
        ("least", "number", {"least": "dużo"}),
        ("most", "date", {"least": "2026-02-01", "most": "2026-01-01"}),
        ("decimals", "number", {"decimals": 9}),
        ("filterable", "rich_text", {"filterable": True}),
        ("in_grid", "file", {"in_grid": True}),
        ("default", "number", {"default": "x"}),
        ("conditions", "text", {"shown_if": {"field": "x"}}),
        ("conditions", "text", {"shown_if": {"all": []}}),
    ],
)
def test_a_bad_definition_is_refused_with_the_part_that_is_wrong(about: str, kind: str, more: dict[str, Any]) -> None:
    with pytest.raises(Misdefined) as caught:
        check(a_field(kind, **{"target": "account", **more}))
    assert caught.value.about == about
    assert caught.value.translated(str)


def test_fields_that_hang_on_each_other_in_a_circle_are_named() -> None:
    one, two = a_field("text", "jeden"), a_field("text", "dwa")
    one = one.changed(shown_if={"field": two.id, "filled": True})
    two = two.changed(required_if={"field": one.id, "filled": True})
    with pytest.raises(Misdefined, match="jeden → dwa → jeden"):
        check_all([one, two])


def test_a_condition_needs_its_field() -> None:
    lonely = a_field("text", "sam", shown_if={"field": "f" * 32, "filled": True})
    with pytest.raises(Misdefined, match="not there"):
        check_all([lonely])


def test_a_name_is_never_given_to_another_field() -> None:
    old, new = a_field("text", "nowy", old_names={"stary": "2020-01-01"}), a_field("text", "stary")
    with pytest.raises(Misdefined, match="stary"):
        check_all([old, new])


def test_only_so_many_fields_can_be_filtered_by() -> None:
    fields = [a_field("text", f"pole{number}", filterable=True) for number in range(MOST_INDEXED + 1)]
    check_all(fields[1:])
    with pytest.raises(Misdefined, match="16"):
        check_all(fields)


@pytest.mark.parametrize("pattern", ["FV-[0-9]{4}", r"\d{2}-\d{3}", "[A-Z]+-[0-9]+", "(?:PL)?[0-9]{10}", "[ab]*c"])
def test_plain_patterns_are_taken(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|aa)+b", "(.*)*x", "a*a*a*a*b", "a?" * 25 + "a" * 25, "(a{0,9}){0,9}", "([a-z]+)*!"]
)
def test_patterns_that_could_take_for_ever_are_refused(pattern: str) -> None:
    with pytest.raises(BadPattern) as caught:
        check_pattern(pattern)
    assert caught.value.slow


@pytest.mark.parametrize("pattern", ["", "(", "(?=a)", "(?i)a", r"(a)\1", "a" * 201, "(?P<n>a)"])
def test_patterns_that_browsers_read_otherwise_are_refused(pattern: str) -> None:
    with pytest.raises(BadPattern) as caught:
        check_pattern(pattern)
    assert not caught.value.slow
