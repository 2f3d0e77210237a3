"""Polish and English words into terms, the same for every engine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from app.languages import guess_language
from app.search.analysis.folding import fold
from app.search.analysis.lists import irregular_forms, stop_words
from app.search.analysis.terms import models, terms
from app.search.analysis.tokens import Word, words

__all__ = ["ANALYSIS", "Word", "fold", "guess_language", "indexed_terms", "is_stop_word", "terms", "words"]

_VERSION = "9"

ANALYSIS = hashlib.sha256(
    " ".join((_VERSION, *sorted(stop_words()), str(sorted(irregular_forms().items())))).encode()
).hexdigest()[:8]
"""Changes whenever an index made before has to be made anew."""


def is_stop_word(word: str) -> bool:
    return fold(word) in stop_words()


def indexed_terms(text: str, language: str | None) -> Iterator[tuple[int, str]]:
    """(position, term) for everything a text is found by; stop words only leave their gap."""
    for word in words(text):
        for whole in word.wholes:
            yield word.position, whole
        for term in _found_by(word.text, language):
            yield word.position, term


@lru_cache(maxsize=16_384)
def _found_by(word: str, language: str | None) -> tuple[str, ...]:
    return () if is_stop_word(word) else (*terms(word, language), *models(word))
