"""A kept value as people read it, in their language and zone: on pages, in letters, in exports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from app.fields.definition import Definition, Kind, said

YES_NO: Mapping[str, tuple[str, str]] = {"pl": ("nie", "tak"), "en": ("no", "yes")}
BENEATH = " › "  # between the steps of a tree


def as_text(definition: Definition, value: Any, language: str, *, zone: str = "UTC") -> str:
    """The value as text; empty for none. Never refuses: what its field cannot read is shown as it was kept."""
    if value is None:
        return ""
    try:
        return _text(definition, value, language, zone)
    except (ValueError, TypeError, KeyError, ArithmeticError, phonenumbers.NumberParseException):
        return str(value)


def path_of(definition: Definition, key: str, language: str) -> str:
    """An option's label, in a tree with those above it."""
    found = option = definition.option(key)
    steps: list[str] = []
    while option is not None and len(steps) < len(definition.options):
        steps.insert(0, said(option.labels, language))
        option = definition.option(option.parent) if option.parent else None
    return BENEATH.join(steps) if found else key


def _text(definition: Definition, value: Any, language: str, zone: str) -> str:
    match definition.kind:
        case Kind.NUMBER:
            return str(format_decimal(Decimal(str(value)), locale=language, decimal_quantization=False))
        case Kind.MONEY:
            return str(format_currency(Decimal(value), definition.currency, locale=language))
        case Kind.DATE:
            return str(format_date(date.fromisoformat(value), "medium", locale=language))
        case Kind.DATETIME:
            local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
            return str(format_datetime(local, "medium", locale=language))
        case Kind.YES_NO:
            return YES_NO.get(language, YES_NO["en"])[bool(value)]
        case Kind.CHOICE | Kind.TREE:
            return path_of(definition, value, language)
        case Kind.CHOICES:
            return ", ".join(path_of(definition, key, language) for key in value)
        case Kind.TELEPHONE:
            number = phonenumbers.parse(value)
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
        case Kind.FILE:
            return str(value["name"])
    return str(value)
