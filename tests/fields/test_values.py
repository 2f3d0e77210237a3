"""What each kind of field takes, refuses, keeps and shows."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.fields import Definition, Kind, Unfit, as_text, clean, from_form, schema_of, text_key, to_form
from app.fields.refusals import Why
from tests.fields.samples import OPTIONS, SAMPLES, a_field

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_is_typed_is_kept_shown_and_typed_again(kind: Kind) -> None:
    field, sample = a_field(kind), SAMPLES[kind]
    kept = clean(field, from_form(field, sample.typed, zone="Europe/Warsaw"))
    assert kept == sample.kept
    assert as_text(field, kept, "pl", zone="Europe/Warsaw").replace("\xa0", " ") == sample.polish
    again = from_form(field, to_form(field, kept, zone="Europe/Warsaw"), zone="Europe/Warsaw")
    assert clean(field, again) == kept
    assert clean(field, kept) == kept  # what the API reads may be written back


@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_no_value(kind: Kind) -> None:
    field = a_field(kind)
    for empty in (None, "", []):
        assert clean(field, empty) is None
    assert clean(field, from_form(field, [" "])) is None
    assert as_text(field, None, "pl") == ""


@pytest.mark.parametrize("kind", Kind)
@given(raw=ANY_JSON)
def test_any_json_is_kept_as_its_schema_says_or_refused_by_name(kind: Kind, raw: Any) -> None:
    field = a_field(kind)
    try:
        kept = clean(field, raw)
    except Unfit:
        return
    assert json.loads(json.dumps(kept)) == kept
    Draft202012Validator(schema_of(field, "pl")).validate(kept)
    assert isinstance(as_text(field, kept, "en"), str)


@pytest.mark.parametrize("kind", Kind)
@given(typed=st.lists(st.text(max_size=30), max_size=3))
def test_anything_typed_is_kept_or_refused_by_name(kind: Kind, typed: list[str]) -> None:
    field = a_field(kind)
    with suppress(Unfit):
        clean(field, from_form(field, typed))


@pytest.mark.parametrize(
    ("kind", "more", "raw", "why"),
    [
        ("text", {}, 5, Why.NO_TEXT),
        ("text", {}, "a\x00b", Why.BAD_SIGNS),
        ("text", {}, "\ud800", Why.BAD_SIGNS),
        ("text", {"most": 3}, "żółw", Why.TOO_LONG),
        ("text", {"least": 3}, "ab", Why.TOO_SHORT),
        ("number", {"decimals": 0}, 1.5, Why.WHOLE),
        ("number", {"decimals": 1}, 1.25, Why.DECIMALS),
        ("number", {}, True, Why.NO_NUMBER),
        ("number", {}, "12", Why.NO_NUMBER),
        ("number", {}, float("nan"), Why.NO_NUMBER),
        ("number", {}, 10**400, Why.TOO_LARGE),
        ("number", {"least": 1}, 0, Why.TOO_SMALL),
        ("number", {"most": 1}, 2, Why.TOO_LARGE),
        ("money", {}, "1.005", Why.DECIMALS),
        ("money", {}, "sto", Why.NO_MONEY),
        ("date", {}, "2026-02-30", Why.NO_DATE),
        ("date", {}, "20261130", Why.NO_DATE),
        ("date", {"least": "2026-01-01"}, "2025-12-31", Why.TOO_EARLY),
        ("datetime", {}, "2026-11-30T14:30", Why.NO_DATETIME),  # of which zone?
        ("datetime", {}, "0001-01-01T00:00+14:00", Why.NO_DATETIME),
        ("yes_no", {}, "yes", Why.NO_YES_NO),
        ("choice", {}, "huge", Why.NO_OPTION),
        ("choices", {}, "large", Why.NO_LIST),
        ("choices", {"most": 1}, ["small", "large"], Why.TOO_MANY),
        ("choices", {"least": 2}, ["small"], Why.TOO_FEW),
        ("email", {}, "anna", Why.NO_EMAIL),
        ("telephone", {}, "12", Why.NO_TELEPHONE),
        ("url", {}, "javascript:alert(1)", Why.NO_URL),
        ("url", {}, "https://user:secret@host/", Why.NO_URL),
        ("reference", {"target": "account"}, 2**40, Why.NO_ROW),
        ("nip", {}, "526000124", Why.NO_NIP),
        ("nip", {}, "5260001247", Why.NIP_CHECKSUM),
        ("nip", {}, "٥٢٦٠٠٠١٢٤٦", Why.NO_NIP),
        ("pattern", {}, "FV-42", Why.NO_MATCH),
        ("pattern", {}, "FV-٠٠٤٢", Why.NO_MATCH),
    ],
)
def test_what_does_not_fit_is_refused_by_name(kind: str, more: dict[str, Any], raw: Any, why: Why) -> None:
    with pytest.raises(Unfit) as caught:
        clean(a_field(kind, **more), raw)
    assert caught.value.why == why


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1 234,5", 1234.5), ("1,234,567.5", 1234567.5), ("-3", -3), ("1,5", 1.5), ("1\u00a0000", 1000)],
)
def test_numbers_are_read_the_polish_and_the_english_way(typed: str, number: float) -> None:
    assert from_form(a_field("number"), [typed]) == number


@pytest.mark.parametrize(
    "words",
    [
        ["aa", "ab", "aż", "ąa", "ba"],
        ["Cel", "ćma", "Dom"],
        ["lot", "Łódź", "mama"],
        ["zebra", "źrebak", "żaba"],
        ["2", "a 1", "a1", "żywy", "Яна"],
    ],
)
def test_text_sorts_in_polish_order(words: list[str]) -> None:
    assert sorted(sorted(words), key=text_key) == words


def test_an_option_is_told_by_its_key_whatever_it_is_called_now() -> None:
    field = a_field("choice")
    assert as_text(field, "old", "en") == "Old"
    assert as_text(field, "unheard-of", "en") == "unheard-of"


def test_a_definition_is_the_same_after_a_way_through_json() -> None:
    for kind in Kind:
        field = a_field(kind, shown_if={"role": ["customer"]}, groups=(1, 2), old_names={"dawne": "2027-01-01"})
        assert Definition.from_plain(json.loads(json.dumps(field.to_plain()))) == field


def test_a_withdrawn_option_may_be_read_and_not_written() -> None:
    field = a_field("choice", options=OPTIONS)
    assert "old" in schema_of(field, "pl")["enum"]
    assert "old" not in schema_of(field, "pl", writing=True)["enum"]


@pytest.mark.parametrize(
    "wrong",
    [a_field("pattern", pattern="FV-[0-9"), a_field("number", least="abc"), a_field("choices", most="dużo")],
)
def test_what_a_wrong_definition_takes_waits_for_somebody(wrong: Definition) -> None:
    """So its schema refuses nothing, and its form is drawn."""
    assert schema_of(wrong, "pl", writing=True) == {"title": "Pole"} | (
        {"description": wrong.help("pl")} if wrong.helps else {}
    )
    with pytest.raises(Unfit) as caught:
        clean(wrong, {Kind.NUMBER: 5, Kind.CHOICES: ["small"]}.get(wrong.kind, "FV-0001"))
    assert caught.value.why == Why.BROKEN


def test_a_time_that_is_none_is_shown_as_it_stands() -> None:
    assert to_form(a_field("datetime"), "wczoraj") == ["wczoraj"]
