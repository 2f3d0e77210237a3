"""Options and conditions of fields as lines of text that an administrator types, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.fields import Condition, Definition, Kind, Option, Unfit, from_form
from app.fields.check import INCOMPLETE, Misdefined

SEPARATOR = "|"


def values_text(value: Any) -> str:
    parts = value if isinstance(value, list) else [value]
    return ", ".join(("yes" if part else "no") if isinstance(part, bool) else str(part) for part in parts)


def comparison(field_id: str, compares: str, typed: str, others: Sequence[Definition]) -> Condition:
    other = next((each for each in others if each.id == field_id), None)
    if compares in ("filled", "empty"):
        return {"field": field_id, "filled": compares == "filled"}
    values = [_value(other, part.strip()) for part in typed.split(",") if part.strip()]
    if not values or other is None:
        raise Misdefined("conditions", INCOMPLETE)
    return {"field": field_id, compares: values if compares == "in" else values[0]}


def _value(other: Definition | None, typed: str) -> Any:
    """A value to compare with, as the other field keeps it."""
    if other is None or other.kind == Kind.CHOICES:
        return typed
    try:
        return from_form(other, [typed])
    except Unfit as unfit:
        raise Misdefined("conditions", INCOMPLETE) from unfit


def bound(typed: str | None) -> Any:
    text = (typed or "").strip().replace(",", ".")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def option_of(line: str, others: Sequence[Definition]) -> Option:
    """`key | Polski | English | parent | only if`, of which the last two may be left out.

    A - in front of the key withdraws the option, and `-key > other` merges it into the other.
    """
    parts = [part.strip() for part in line.split(SEPARATOR)] + [""] * 4
    key, _mark, into = (part.strip() for part in parts[0].removeprefix("-").partition(">"))
    return Option(
        key,
        {code: words for code, words in (("pl", parts[1]), ("en", parts[2])) if words},
        withdrawn=parts[0].startswith("-"),
        parent=parts[3],
        merged_into=into,
        allowed_if=_only_if(parts[4], others) if parts[4] else None,
    )


def _only_if(typed: str, others: Sequence[Definition]) -> Condition:
    """`name = value, value` of another field."""
    name, _mark, values = typed.partition("=")
    other = next((each for each in others if each.name == name.strip()), None)
    if other is None:
        raise Misdefined("options", INCOMPLETE)
    return comparison(other.id, "in", values, others)


def option_line(option: Option, others: Sequence[Definition]) -> str:
    only_if, into = "", f" > {option.merged_into}" if option.merged_into else ""
    if option.allowed_if and "in" in option.allowed_if:
        other = next((each for each in others if each.id == option.allowed_if["field"]), None)
        only_if = f"{other.name} = {values_text(option.allowed_if['in'])}" if other else ""
    key = ("-" if option.withdrawn else "") + option.key + into
    parts = [key, option.labels.get("pl", ""), option.labels.get("en", "")]
    parts += [option.parent, only_if] if only_if else [option.parent] if option.parent else []
    return f" {SEPARATOR} ".join(parts)
