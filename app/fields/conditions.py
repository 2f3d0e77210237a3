"""When a field is shown, is required, or lets an option be chosen: small trees of JSON, read alike by the browser.

    {"all": [...]}  {"any": [...]}  {"not": {...}}
    {"role": ["customer"]}  {"state": ["new", "open"]}
    {"field": ID, "in": [values]}  {"field": ID, "filled": true}
    {"field": ID, "from": least}  {"field": ID, "to": most}

A field with several choices is `in` the values when any of its choices is. Nothing is compared with a field without a
value: such a condition does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

Condition = Mapping[str, Any]
DEEPEST = 6
SHAPES = (
    {"all"},
    {"any"},
    {"not"},
    {"role"},
    {"state"},
    {"field", "in"},
    {"field", "filled"},
    {"field", "from"},
    {"field", "to"},
)


@dataclass(frozen=True)
class Situation:
    """Who looks, by kinds of roles, and at what: the code of a ticket's state, empty where there is none."""

    roles: frozenset[str] = frozenset()
    state: str = ""


def holds(condition: Condition | None, values: Mapping[str, Any], situation: Situation) -> bool:
    """Whether the condition holds; none always does. `values` are by field id, without those that are hidden."""
    if condition is None:
        return True
    if "all" in condition:
        return all(holds(part, values, situation) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, values, situation) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], values, situation)
    if "role" in condition:
        return not situation.roles.isdisjoint(condition["role"])
    if "state" in condition:
        return situation.state in condition["state"]
    return _compares(condition, values.get(condition["field"]))


def for_browser(
    condition: Condition | None, values: Mapping[str, Any], situation: Situation, ids: Set[str]
) -> Condition | bool:
    """The condition as far as it hangs on these fields, which stand in the form; all else is decided here.

    So nothing of a field that somebody may not read reaches his browser. True or False where nothing is left to decide.
    """
    if condition is None:
        return True
    if "not" in condition:
        inner = for_browser(condition["not"], values, situation, ids)
        return not inner if isinstance(inner, bool) else {"not": inner}
    for name, settles in (("all", False), ("any", True)):
        if name in condition:
            parts = [for_browser(part, values, situation, ids) for part in condition[name]]
            if any(part is settles for part in parts):
                return settles
            left = [part for part in parts if not isinstance(part, bool)]
            return {name: left} if left else not settles
    return condition if condition.get("field") in ids else holds(condition, values, situation)


def fields_in(condition: Condition | None) -> frozenset[str]:
    """The ids of the fields that it hangs on."""
    if condition is None:
        return frozenset()
    if "field" in condition:
        return frozenset({condition["field"]})
    return frozenset(one for part in _parts(condition) for one in fields_in(part))


def is_well_formed(condition: Any, depth: int = 0) -> bool:
    """Whether it is one of the shapes above, through and through."""
    if not isinstance(condition, Mapping) or set(condition) not in SHAPES or depth > DEEPEST:
        return False
    if "field" in condition:
        texts = [condition["field"]]
        lists: list[Any] = [condition["in"]] if "in" in condition else []
    else:
        texts, lists = [], [value for name, value in condition.items() if name != "not"]
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(one, list) and one for one in lists):
        return False
    return all(is_well_formed(part, depth + 1) for part in _parts(condition))


def _parts(condition: Condition) -> Iterable[Any]:
    if "not" in condition:
        return [condition["not"]]
    return condition.get("all") or condition.get("any") or []


def _compares(condition: Condition, value: Any) -> bool:
    if value is None or value == "" or value == []:
        return condition.get("filled") is False
    if "filled" in condition:
        return bool(condition["filled"])
    if "in" in condition:
        wanted = condition["in"]
        return any(part in wanted for part in value) if isinstance(value, list) else value in wanted
    try:
        if "from" in condition:
            return bool(_number(value) >= _number(condition["from"]))
        return bool(_number(value) <= _number(condition["to"]))
    except TypeError:
        return False


def _number(value: Any) -> Any:
    """An amount as a number, so that 9 comes before 10; days and instants compare as they are written."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value
