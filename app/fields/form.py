"""What was typed into a form, as the JSON value that the field reads, and a kept value as the form shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from app.fields.definition import Definition, Kind
from app.fields.kinds import LISTED, NUMERIC
from app.fields.refusals import Unfit, Why

YES, NO = "yes", "no"
GROUPING = re.compile(r"[\s\u00a0\u202f']")
GROUPED = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")  # 1,234,567.89, as English has it


def from_form(definition: Definition, typed: Sequence[str], *, zone: str = "UTC") -> Any:
    """The JSON value that `values.clean` reads; a date and time are of the reader's zone. Raises Unfit."""
    if definition.kind in LISTED:
        return [key for key in typed if key.strip()]
    text = typed[0].strip() if typed else ""
    if not text:
        return None
    if definition.kind in NUMERIC:
        return _number(definition, text)
    if definition.kind == Kind.YES_NO:
        return {YES: True, NO: False}.get(text, text)
    if definition.kind == Kind.REFERENCE:
        return int(text) if re.fullmatch("[0-9]{1,10}", text) else text
    return _instant(text, zone) if definition.kind == Kind.DATETIME else text


def to_form(definition: Definition, value: Any, *, zone: str = "UTC") -> list[str]:
    """What the boxes of the form hold for a kept value."""
    if value is None or definition.kind == Kind.FILE:
        return []
    if isinstance(value, list):
        return [str(part) for part in value]
    if isinstance(value, bool):
        return [YES if value else NO]
    if definition.kind == Kind.DATETIME:
        with suppress(ValueError, TypeError):  # a default of a definition that is wrong itself
            return [datetime.fromisoformat(value).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")]
    return [str(value)]


def _number(definition: Definition, text: str) -> Any:
    """Polish and English ways of writing numbers; one comma is a decimal comma."""
    plain = GROUPING.sub("", text)
    plain = plain.replace(",", "") if GROUPED.fullmatch(plain) and plain.count(",") > 1 else plain.replace(",", ".")
    why = Why.NO_MONEY if definition.kind == Kind.MONEY else Why.NO_NUMBER
    if not re.fullmatch(r"[-+]?[0-9]{1,30}(\.[0-9]{1,30})?", plain):
        raise Unfit(why)
    try:
        found = Decimal(plain)
    except InvalidOperation as error:
        raise Unfit(why) from error
    if definition.kind == Kind.MONEY:
        return str(found)
    return int(found) if found == found.to_integral_value() else float(found)


def _instant(text: str, zone: str) -> str:
    try:
        found = datetime.fromisoformat(text)
        aware = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
        return aware.astimezone(UTC).isoformat()
    except (ValueError, OverflowError) as error:
        raise Unfit(Why.NO_DATETIME) from error
