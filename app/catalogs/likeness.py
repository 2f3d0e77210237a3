"""Sentences that are like another one, so that the same is said the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from heapq import nlargest

from app.catalogs.sources import Source, sources

LEAST = 0.5
WORD = re.compile(r"[^\W\d_]{2,}")


def like(source: Source, *, among: Iterable[Source] | None = None, most: int = 5) -> list[Source]:
    """The sentences that share most words with it, the nearest first."""
    own = _words(source.msgid)
    if not own:
        return []
    scored = (
        (len(own & words) / len(own | words), each.key, each)
        for each in (sources().values() if among is None else among)
        if each.key != source.key and (words := _words(each.msgid)) and own & words
    )
    return [each for score, _key, each in nlargest(most, scored, key=lambda found: found[:2]) if score >= LEAST]


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in WORD.findall(re.sub(r"%\(\w*\)\w", " ", text)))
