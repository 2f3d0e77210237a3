"""Public holidays by country, from the `holidays` package: no network."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays

from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _


@lru_cache(maxsize=1)
def known_countries() -> Mapping[str, frozenset[str]]:
    """Two-letter country code -> codes of its regions."""
    regions = holidays.list_supported_countries(include_aliases=False)
    return {country: frozenset(names) for country, names in regions.items()}


def check_country(code: str) -> None:
    """Refuse a code that the package does not know: PL is a country, DE-BY a region of one."""
    country, dash, region = code.partition("-")
    regions = known_countries().get(country)
    if regions is None or (dash and region not in regions):
        sentence = _("No holidays are known for “%(country)s”; use a code such as PL, CZ or DE-BY, or leave it empty.")
        raise CalendarError("unknown_country", sentence, country=code)


@lru_cache(maxsize=1024)
def public_holidays(code: str, year: int, language: str = "en") -> Mapping[date, str]:
    """Date -> name, in `language` where the package speaks it, else in the country's own."""
    country, _dash, region = code.partition("-")
    table = holidays.country_holidays(country, subdiv=region or None, language=_spoken(country, language))
    if not table.start_year <= year <= table.end_year:
        raise CalendarError(
            "holidays_unknown",
            _("The holidays of %(country)s are known for the years %(first)s to %(last)s, not for %(year)s."),
            country=code,
            first=table.start_year,
            last=table.end_year,
            year=year,
        )
    table.get(date(year, 1, 1))  # the package fills in a year when it is first asked for it
    return {day: name for day, name in table.items() if day.year == year}


@lru_cache(maxsize=256)
def _spoken(country: str, language: str) -> str | None:
    supported = holidays.country_holidays(country).supported_languages
    return next((name for name in supported if name.split("_")[0] == language), None)
