"""Why a value or a definition is not taken: a code for programs and a sentence for people."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any


def mark(sentence: str) -> str:
    """The sentence as it is, marked for the translators; it is translated where it is shown."""
    return sentence


_ = mark


class Why(StrEnum):
    """What is wrong. A new code needs a sentence."""

    MISSING = "missing"
    NO_TEXT = "no_text"
    BAD_SIGNS = "bad_signs"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_NUMBER = "no_number"
    NO_MONEY = "no_money"
    DECIMALS = "decimals"
    WHOLE = "whole"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NO_DATE = "no_date"
    NO_DATETIME = "no_datetime"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NO_YES_NO = "no_yes_no"
    NO_OPTION = "no_option"
    NO_LIST = "no_list"
    WITHDRAWN = "withdrawn"
    NOT_ALLOWED = "not_allowed"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NO_EMAIL = "no_email"
    NO_TELEPHONE = "no_telephone"
    NO_URL = "no_url"
    NO_FILE = "no_file"
    NO_ROW = "no_row"
    NO_NIP = "no_nip"
    NIP_CHECKSUM = "nip_checksum"
    NO_MATCH = "no_match"
    UNKNOWN = "unknown"
    BROKEN = "broken"


SENTENCES: dict[Why, str] = {
    Why.MISSING: _("Fill in this field."),
    Why.NO_TEXT: _("This is no text."),
    Why.BAD_SIGNS: _("This holds signs that are no text. Type it anew."),
    Why.TOO_SHORT: _("Write at least %(least)s characters."),
    Why.TOO_LONG: _("Write at most %(most)s characters."),
    Why.NO_NUMBER: _("Enter a number, such as 12 or 12.5."),
    Why.NO_MONEY: _("Enter an amount, such as 120 or 120.50."),
    Why.DECIMALS: _("Enter at most %(decimals)s decimal places."),
    Why.WHOLE: _("Enter a whole number."),
    Why.TOO_SMALL: _("Enter at least %(least)s."),
    Why.TOO_LARGE: _("Enter at most %(most)s."),
    Why.NO_DATE: _("Enter a date as year-month-day, such as 2026-11-30."),
    Why.NO_DATETIME: _("Enter a date and a time, such as 2026-11-30 14:30."),
    Why.TOO_EARLY: _("Enter a date from %(least)s on."),
    Why.TOO_LATE: _("Enter a date until %(most)s."),
    Why.NO_YES_NO: _("Choose yes or no."),
    Why.NO_OPTION: _("Choose one of the listed options."),
    Why.NO_LIST: _("This is no list of options."),
    Why.WITHDRAWN: _("This option was withdrawn. Choose another one."),
    Why.NOT_ALLOWED: _("This option does not go with the other answers. Choose another one."),
    Why.TOO_FEW: _("Choose at least %(least)s."),
    Why.TOO_MANY: _("Choose at most %(most)s."),
    Why.NO_EMAIL: _("Enter an e-mail address, such as name@company.com."),
    Why.NO_TELEPHONE: _("Enter a telephone number, with its country code unless it is Polish."),
    Why.NO_URL: _("Enter a web address that begins with https:// or http://."),
    Why.NO_FILE: _("Choose a file."),
    Why.NO_ROW: _("There is no such thing, or it is not open to you."),
    Why.NO_NIP: _("A NIP has ten digits."),
    Why.NIP_CHECKSUM: _("This is no NIP: its last digit does not fit the others. Check for a mistyped digit."),
    Why.NO_MATCH: _("This is not written in the expected form. The help of the field says how."),
    Why.UNKNOWN: _("There is no such field."),
    Why.BROKEN: _("This field is not set up rightly, so its value waits for an administrator."),
}


class Unfit(ValueError):
    """A value that its field does not take. `str()` is an English sentence that says what is expected."""

    def __init__(self, why: Why, **values: Any) -> None:
        self.why, self.values = why, values
        super().__init__(SENTENCES[why] % values)

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the language that `gettext` speaks."""
        return gettext(SENTENCES[self.why]) % self.values
