"""A word into the terms under which it is indexed and sought."""

from __future__ import annotations

import re
import threading
from functools import lru_cache

import snowballstemmer

from app.search.analysis.alternations import roots
from app.search.analysis.folding import fold, has_polish_letters
from app.search.analysis.lists import irregular_forms

# A stemmer keeps state while it works, so every thread has its own.
_stemmers = threading.local()

# As typed without Polish letters, and as the stemmer knows them.
_PLAIN_ENDINGS = (("osc", "ość"), ("ow", "ów"), ("ac", "ać"), ("ic", "ić"), ("yc", "yć"), ("lem", "łem"))
_ENGLISH_ENDINGS = ("s", "ed", "ing", "tion", "ly", "ise", "ize")
_BRITISH = re.compile(r"(?<=\w{4})is(?:e[drs]?|ing|ations?)$")
SHORTEST_ADVERB = 5


def stem(word: str, language: str) -> str:
    """The Snowball stem of a lower-case word; language is "polish" or "english"."""
    stemmer = getattr(_stemmers, language, None)
    if stemmer is None:
        stemmer = snowballstemmer.stemmer(language)
        setattr(_stemmers, language, stemmer)
    return str(stemmer.stemWord(word))


@lru_cache(maxsize=16_384)
def terms(word: str, language: str | None) -> dict[str, float]:
    """Every term of a word and how surely it is that word: the form itself 1, its stems less, its roots least.

    `language` None means either, as in a query; a document's own language keeps the index small. Read-only.
    """
    word = word.lower()
    form = fold(word)
    if not word.isalpha():
        return _code_terms(form)
    found = {form: 1.0}
    if irregular := irregular_forms().get(form):
        found.setdefault(irregular, 0.95)
    if language != "en" or has_polish_letters(word):
        _add_polish(found, word, form)
    if language != "pl" or form.endswith(_ENGLISH_ENDINGS):
        found.setdefault(fold(stem(word, "english")), 0.95)
        if form.endswith("ly") and len(form) > SHORTEST_ADVERB:
            found.setdefault(fold(stem(form[:-2], "english")), 0.75)
        if match := _BRITISH.search(form):
            american = f"{form[: match.start()]}iz{form[match.start() + 2 :]}"
            found.setdefault(fold(stem(american, "english")), 0.9)
    return found


def _add_polish(found: dict[str, float], word: str, form: str) -> None:
    for known in dict.fromkeys((word, form, *_respelt(form))):
        stemmed = stem(known, "polish")
        found.setdefault(fold(stemmed), 0.95)
        for root in roots(known, stemmed):
            found.setdefault(root, 0.75)


def _respelt(form: str) -> list[str]:
    """The same with the Polish letters of its ending, which the stemmer needs to see."""
    return [form[: -len(plain)] + ending for plain, ending in _PLAIN_ENDINGS if form.endswith(plain)][:1]


def _code_terms(form: str) -> dict[str, float]:
    """Numbers are also found without leading zeros, hexadecimal codes without 0x."""
    found = {form: 1.0}
    if form.startswith("0x") and len(form) > 4:
        found[form[2:]] = 0.9
    if form.startswith("0") and (short := form.lstrip("0")) and form.isdigit():
        found[short] = 0.9
    return found
