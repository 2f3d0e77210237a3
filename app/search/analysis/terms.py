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
_MODEL = re.compile(r"([a-z]+\d{2,})[a-z]{1,3}")
SHORTEST_ADVERB = 5
SHORTEST_STEM = 3


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
        _add_stem(found, fold(stem(word, "english")), form)
        if form.endswith("ly") and len(form) > SHORTEST_ADVERB:
            found.setdefault(fold(stem(form[:-2], "english")), 0.75)
        if match := _BRITISH.search(form):
            american = f"{form[: match.start()]}iz{form[match.start() + 2 :]}"
            found.setdefault(fold(stem(american, "english")), 0.9)
    return found


def _add_polish(found: dict[str, float], word: str, form: str) -> None:
    for known in dict.fromkeys((word, form, *_respelt(form))):
        stemmed = stem(known, "polish")
        _add_stem(found, fold(stemmed), form)
        for root in roots(known, stemmed):
            found.setdefault(root, 0.75)


def _add_stem(found: dict[str, float], stemmed: str, form: str) -> None:
    """Of UPO the stemmer leaves "up", of osoby "os", of maili "ma": too little to know a word by."""
    if len(stemmed) >= SHORTEST_STEM or len(form) <= len(stemmed):
        found.setdefault(stemmed, 0.95)
    elif len(form) > SHORTEST_STEM:
        found.setdefault(form.rstrip("aeiouy"), 0.75)


def _respelt(form: str) -> list[str]:
    """The same with the Polish letters of its ending, which the stemmer needs to see."""
    return [form[: -len(plain)] + ending for plain, ending in _PLAIN_ENDINGS if form.endswith(plain)][:1]


def _code_terms(form: str) -> dict[str, float]:
    """Numbers are also found without leading zeros, hexadecimal codes without 0x."""
    found = {form: 1.0}
    if form.startswith("0x") and len(form) > 4:
        found[form[2:]] = 0.9
        found.setdefault(form[2:].lstrip("0") or form, 0.9)
    if form.startswith("0") and (short := form.lstrip("0")) and form.isdigit():
        found[short] = 0.9
    return found


def models(word: str) -> tuple[str, ...]:
    """What a document with GK420d or L2352DW is also found by: its code without the letters at its end."""
    match = _MODEL.fullmatch(fold(word))
    return (match[1],) if match else ()
