"""A JSON value made clean by its field's kind, or refused by name. The same for forms, API, letters and imports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.fields.definition import Definition, Kind
from app.fields.refusals import Unfit, Why

LONGEST = {Kind.TEXT: 500, Kind.PATTERN: 200, Kind.EMAIL: 254, Kind.URL: 2_000, Kind.TELEPHONE: 40, Kind.NIP: 40}
LONGEST_TEXT = 100_000
LARGEST = Decimal(10) ** 15  # what a JSON number holds exactly
MOST_CHOICES = 100
HOME = "PL"  # where a telephone number without a country code is
NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)
NO_SIGNS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LINE_BREAKS = re.compile(r"[\r\n\u2028\u2029\x85]+")
ZERO = Decimal(0)


def clean(definition: Definition, raw: Any) -> Any:
    """The value as it is kept; None for an empty one. Raises Unfit; a definition that is wrong itself is BROKEN."""
    if raw is None or raw == "" or raw == []:
        return None
    try:
        return CLEANERS[definition.kind](definition, raw)
    except Unfit:
        raise
    except (ValueError, TypeError, ArithmeticError, re.error) as error:
        raise Unfit(Why.BROKEN) from error


def longest_of(definition: Definition) -> int:
    """The most signs that its text may have."""
    limit = LONGEST.get(definition.kind, LONGEST_TEXT)
    return min(limit, int(definition.most)) if definition.most and definition.kind in TEXTS else limit


def _text(definition: Definition, raw: Any) -> str | None:
    if not isinstance(raw, str):
        raise Unfit(Why.NO_TEXT)
    if NO_SIGNS.search(raw):
        raise Unfit(Why.BAD_SIGNS)
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    return _within(definition, text.strip())


def _line(definition: Definition, raw: Any) -> str | None:
    return _text(definition, LINE_BREAKS.sub(" ", raw) if isinstance(raw, str) else raw)


def _within(definition: Definition, text: str) -> str | None:
    if not text:
        return None
    if len(text) > longest_of(definition):
        raise Unfit(Why.TOO_LONG, most=longest_of(definition))
    if definition.kind in TEXTS and definition.least and len(text) < int(definition.least):
        raise Unfit(Why.TOO_SHORT, least=definition.least)
    return text


def _number(definition: Definition, raw: Any) -> int | float:
    found = _decimal(definition, raw, Why.NO_NUMBER)
    return int(found) if found == found.to_integral_value() else float(found)


def _money(definition: Definition, raw: Any) -> str:
    """An amount with two decimal places, as a string: no JSON number keeps it so."""
    return f"{_decimal(definition, raw, Why.NO_MONEY):.2f}"


def _decimal(definition: Definition, raw: Any, why: Why) -> Decimal:
    as_text = isinstance(raw, str) and definition.kind == Kind.MONEY
    if isinstance(raw, bool) or not (isinstance(raw, int | float) or as_text):
        raise Unfit(why)
    try:
        found = Decimal(str(raw))
    except InvalidOperation as error:
        raise Unfit(why) from error
    if not found.is_finite():
        raise Unfit(why)
    if abs(found) >= LARGEST:
        raise Unfit(Why.TOO_LARGE if found > 0 else Why.TOO_SMALL, most=LARGEST - 1, least=1 - LARGEST)
    decimals = 2 if definition.kind == Kind.MONEY else definition.decimals
    if found != round(found, decimals):
        raise Unfit(Why.DECIMALS, decimals=decimals) if decimals else Unfit(Why.WHOLE)
    _between(definition, found, Decimal, Why.TOO_SMALL, Why.TOO_LARGE)
    return found + ZERO


def _between(definition: Definition, value: Any, read: Callable[[str], Any], low: Why, high: Why) -> None:
    if definition.least not in (None, "") and value < read(str(definition.least)):
        raise Unfit(low, least=definition.least)
    if definition.most not in (None, "") and value > read(str(definition.most)):
        raise Unfit(high, most=definition.most)


def _date(definition: Definition, raw: Any) -> str:
    try:
        if not isinstance(raw, str) or len(raw) != len("2026-11-30"):
            raise Unfit(Why.NO_DATE)
        found = date.fromisoformat(raw)
    except ValueError as error:
        raise Unfit(Why.NO_DATE) from error
    _between(definition, found.isoformat(), str, Why.TOO_EARLY, Why.TOO_LATE)
    return found.isoformat()


def _datetime(definition: Definition, raw: Any) -> str:
    """An instant by ISO 8601 that names its zone; kept in UTC to the second."""
    try:
        found = datetime.fromisoformat(raw) if isinstance(raw, str) and len(raw) <= 40 else None
        if found is None or found.tzinfo is None:
            raise Unfit(Why.NO_DATETIME)
        kept = found.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise Unfit(Why.NO_DATETIME) from error
    _between(definition, kept.date().isoformat(), str, Why.TOO_EARLY, Why.TOO_LATE)
    return f"{kept.isoformat()}Z"


def _yes_no(_definition: Definition, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise Unfit(Why.NO_YES_NO)
    return raw


def _choice(definition: Definition, raw: Any) -> str:
    if not isinstance(raw, str) or definition.option(raw) is None:
        raise Unfit(Why.NO_OPTION)
    return raw


def _choices(definition: Definition, raw: Any) -> list[str]:
    """The keys that were chosen, each once, in the order of the options."""
    if not isinstance(raw, list):
        raise Unfit(Why.NO_LIST)
    if len(raw) > MOST_CHOICES:
        raise Unfit(Why.TOO_MANY, most=MOST_CHOICES)
    chosen = {_choice(definition, key) for key in raw}
    if definition.least and len(chosen) < int(definition.least):
        raise Unfit(Why.TOO_FEW, least=definition.least)
    if definition.most and len(chosen) > int(definition.most):
        raise Unfit(Why.TOO_MANY, most=definition.most)
    return [option.key for option in definition.options if option.key in chosen]


def _email(definition: Definition, raw: Any) -> str | None:
    text = _line(definition, raw)
    try:
        found = validate_email(text or "", check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Unfit(Why.NO_EMAIL) from error
    return str(found.normalized).lower()


def _telephone(definition: Definition, raw: Any) -> str:
    """The number by E.164, as +48221234567."""
    try:
        found = phonenumbers.parse(_line(definition, raw) or "", HOME)
    except phonenumbers.NumberParseException as error:
        raise Unfit(Why.NO_TELEPHONE) from error
    if not phonenumbers.is_possible_number(found):
        raise Unfit(Why.NO_TELEPHONE)
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def _url(definition: Definition, raw: Any) -> str | None:
    text = _line(definition, raw) or ""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        fits = False
    if not fits or any(sign.isspace() for sign in text):
        raise Unfit(Why.NO_URL)
    return text


def _file(_definition: Definition, raw: Any) -> dict[str, Any]:
    """A file that is stored already: its bytes by their hash, and what it is called."""
    if not isinstance(raw, dict) or set(raw) != {"name", "size", "content_type", "sha256"}:
        raise Unfit(Why.NO_FILE)
    if not isinstance(raw["size"], int) or not all(isinstance(raw[name], str) for name in raw if name != "size"):
        raise Unfit(Why.NO_FILE)
    return dict(raw)


def _reference(_definition: Definition, raw: Any) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 < raw < 2**31:
        raise Unfit(Why.NO_ROW)
    return raw


def _nip(definition: Definition, raw: Any) -> str:
    """Ten digits whose last one fits the others (regulation on tax identifiers: weights modulo 11)."""
    digits = re.sub(r"[\s-]", "", _line(definition, raw) or "").upper().removeprefix("PL")
    if not re.fullmatch("[0-9]{10}", digits):
        raise Unfit(Why.NO_NIP)
    total = sum(weight * int(digit) for weight, digit in zip(NIP_WEIGHTS, digits, strict=False))
    if total % 11 != int(digits[-1]):
        raise Unfit(Why.NIP_CHECKSUM)
    return digits


def _pattern(definition: Definition, raw: Any) -> str | None:
    text = _line(definition, raw)
    if text is not None and not re.fullmatch(definition.pattern, text, re.ASCII):
        raise Unfit(Why.NO_MATCH)
    return text


TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.RICH_TEXT, Kind.PATTERN})
CLEANERS: dict[Kind, Callable[[Definition, Any], Any]] = {
    Kind.TEXT: _line,
    Kind.LONG_TEXT: _text,
    Kind.RICH_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.TREE: _choice,
    Kind.EMAIL: _email,
    Kind.TELEPHONE: _telephone,
    Kind.URL: _url,
    Kind.FILE: _file,
    Kind.REFERENCE: _reference,
    Kind.NIP: _nip,
    Kind.PATTERN: _pattern,
}
