"""The stop list: a data file anyone may edit."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.search.analysis.folding import fold

DATA = Path(__file__).parent / "data"


def lines(path: Path) -> list[str]:
    """The lines of a list without comments."""
    found = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in found if line]


@cache
def stop_words() -> frozenset[str]:
    """Folded words that say nothing about a document."""
    return frozenset(fold(word) for line in lines(DATA / "stopwords.txt") for word in line.split())


_ignored: frozenset[str] = frozenset()


def ignore(words: frozenset[str]) -> None:
    """From here on these words, too, say nothing in a search; documents keep them."""
    global _ignored
    _ignored = words


def ignored() -> frozenset[str]:
    """What the desk adds to the stop list, folded."""
    return _ignored


@cache
def irregular_forms() -> dict[str, str]:
    """Folded form -> the one term that stands for all forms of its word."""
    found: dict[str, str] = {}
    for line in lines(DATA / "forms.txt"):
        forms = [fold(word) for word in line.split()]
        found |= dict.fromkeys(forms, forms[0])
    return found
