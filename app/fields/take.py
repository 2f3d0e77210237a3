"""One person's values for one row: conditions decided for all fields together, rights kept, what was there respected.

A value hidden by a condition is dropped. A value hidden from the person by right is neither shown to him nor touched by
what he saves. Forms, the API, letters and imports all pass through here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.fields.conditions import Situation, fields_in, holds
from app.fields.definition import Definition, Kind
from app.fields.kinds import CHOOSING
from app.fields.refusals import Unfit, Why
from app.fields.rights import may_read, may_write
from app.fields.values import clean

Exists = Callable[[Definition, Any], bool]


@dataclass(frozen=True)
class Shape:
    """What a field is in this moment of the form: whether it is shown, must be filled in, and what may be chosen."""

    shown: bool = True
    required: bool = False
    options: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Taken:
    """The values that the row has from now on, what was refused, and what waits, all by field id.

    What nobody typed, or what a wrong definition cannot judge, waits for somebody: it is no reason to refuse a row.
    """

    values: dict[str, Any]
    refused: dict[str, Unfit]
    waiting: dict[str, tuple[Any, Why]]


def shapes(definitions: Sequence[Definition], values: Mapping[str, Any], situation: Situation) -> dict[str, Shape]:
    """The shape of each field by its id. A field that is not shown counts as empty for those that hang on it."""
    seen: dict[str, Any] = dict(values)
    found: dict[str, Shape] = {}
    for each in in_turn(definitions):
        shown = each.is_live and holds(each.shown_if, seen, situation)
        if not shown:
            seen.pop(each.id, None)
        required = each.required or (each.required_if is not None and holds(each.required_if, seen, situation))
        options = (option.key for option in each.options if holds(option.allowed_if, seen, situation))
        found[each.id] = Shape(shown, shown and required, frozenset(options))
    return found


def take(
    definitions: Sequence[Definition],
    given: Mapping[str, Any],
    *,
    situation: Situation,
    before: Mapping[str, Any] | None = None,
    exists: Exists = lambda _definition, _value: True,
) -> Taken:
    """The values after this person gave these (JSON, by field id). Without `before` the row is new: defaults hold.

    `exists` says whether he sees the row that a reference leads to. What the row had before and nobody gave anew is not
    judged again: rules that came later ask for it when somebody fills in its field.
    """
    kept, is_new = dict(before or {}), before is None
    values, refused, waiting = dict(kept), dict[str, Unfit](), dict[str, tuple[Any, Why]]()
    if is_new:
        _begin(definitions, given, values, waiting)
    writing = {each.id: each for each in definitions if may_write(each, situation.roles)}
    for field_id, raw in given.items():
        try:
            values[field_id] = _cleaned(writing.get(field_id), raw, kept.get(field_id), exists)
        except Unfit as unfit:
            if unfit.why == Why.BROKEN:
                waiting[field_id] = (raw, unfit.why)
            else:
                refused[field_id] = unfit
    was, now = shapes(definitions, kept, situation), shapes(definitions, values, situation)
    for each in definitions:
        if now[each.id].shown:
            asked = is_new or each.id in given or not was[each.id].shown
            missed = _misses(each, now[each.id], values.get(each.id), kept.get(each.id))
            if asked and missed and each.id in writing and each.id not in waiting:
                refused.setdefault(each.id, missed)
        elif may_read(each, situation.roles):
            values.pop(each.id, None)
            if each.id in writing:
                refused.pop(each.id, None)
    return Taken({field_id: value for field_id, value in values.items() if value is not None}, refused, waiting)


def in_turn(definitions: Iterable[Definition]) -> list[Definition]:
    """Each field after those that its conditions hang on. Fields that hang on each other come in the form's order."""
    left, done = list(definitions), set[str]()
    known = {each.id for each in left}
    ordered: list[Definition] = []
    while left:
        ready = [each for each in left if hangs_on(each) & known <= done] or left[:1]
        ordered += ready
        done |= {each.id for each in ready}
        left = [each for each in left if each.id not in done]
    return ordered


def hangs_on(definition: Definition) -> frozenset[str]:
    """The ids of the fields that decide what this one is."""
    return frozenset(field_id for condition in definition.conditions for field_id in fields_in(condition))


def _begin(
    definitions: Iterable[Definition],
    given: Mapping[str, Any],
    values: dict[str, Any],
    waiting: dict[str, tuple[Any, Why]],
) -> None:
    """The defaults of a new row. One that does not fit (any more) stands for none: it never stops anything."""
    for each in definitions:
        if each.id not in given and each.is_live and each.default is not None:
            try:
                values[each.id] = _default(each)
            except Unfit as unfit:
                waiting[each.id] = (each.default, unfit.why)


def default_of(definition: Definition) -> Any:
    """What the box of a new row holds; nothing where the default does not fit (any more)."""
    try:
        return _default(definition)
    except Unfit:
        return None


def _default(definition: Definition) -> Any:
    return _cleaned(definition, definition.default, None, lambda _definition, _value: True)


def _cleaned(definition: Definition | None, raw: Any, before: Any, exists: Exists) -> Any:
    if definition is None:
        raise Unfit(Why.UNKNOWN)
    value = clean(definition, raw)
    if value is None or value == before:
        return value
    if definition.kind in CHOOSING:
        had = before if isinstance(before, list) else [before]
        for key in value if isinstance(value, list) else [value]:
            option = definition.option(key)
            if option is not None and option.withdrawn and key not in had:
                raise Unfit(Why.WITHDRAWN)
    if definition.kind in (Kind.REFERENCE, Kind.FILE) and not exists(definition, value):
        raise Unfit(Why.NO_ROW)
    return value


def _misses(definition: Definition, shape: Shape, value: Any, before: Any) -> Unfit | None:
    """What is wrong with the value beside the others."""
    if value is None:
        return Unfit(Why.MISSING) if shape.required else None
    if definition.kind in CHOOSING and value != before:
        chosen = set(value if isinstance(value, list) else [value])
        if not chosen <= shape.options:
            return Unfit(Why.NOT_ALLOWED)
    return None
