"""How many forms a sentence with a number has in a language, and which number takes which: by CLDR, never by a file."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

ORDER = ("zero", "one", "two", "few", "many", "other")
LOOKED_AT = 200  # every rule of CLDR for whole numbers shows itself below
SAMPLES = (1, 2, 5, 22, 0, 3, 4, 6, 10, 11, 12, 21, 100, 101)


@lru_cache
def forms(language: str) -> tuple[str, ...]:
    """CLDR's names of the forms that whole numbers take, in gettext's order."""
    rule = Locale.parse(language).plural_form
    met = {rule(number) for number in range(LOOKED_AT)}
    return tuple(name for name in ORDER if name in met)


@lru_cache(maxsize=4096)
def form_of(language: str, number: int) -> int:
    """Which of the forms the number takes."""
    name = Locale.parse(language).plural_form(number)
    return forms(language).index(name) if name in forms(language) else len(forms(language)) - 1


@lru_cache
def samples(language: str) -> tuple[tuple[int, ...], ...]:
    """For each form some numbers that take it, 1, 2, 5 and 22 first."""
    numbers = (*SAMPLES, *range(LOOKED_AT))
    found: list[list[int]] = [[] for _name in forms(language)]
    for number in numbers:
        mine = found[form_of(language, number)]
        if number not in mine and len(mine) < 3:
            mine.append(number)
    return tuple(map(tuple, found))
