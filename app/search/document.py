"""What travels into and out of the search engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

COUNT_LIMIT = 10_000


@dataclass(frozen=True)
class Document:
    """A ticket as it is found: messages in `body`, notes in `internal`. `access` holds the terms that open it."""

    id: int
    number: int
    title: str
    body: str
    internal: str
    language: str | None
    product_group: str
    status: str
    updated_at: datetime
    access: frozenset[str]


@dataclass(frozen=True)
class Question:
    """What is sought and the reach of the one who asks.

    `allowed` None sees everything; otherwise a document must share one access term with it. `internal` also
    searches notes. `filters` maps `status` and `product_group` to the accepted value. `any_word` also finds what
    has only some of the words, those with more of them first.
    """

    text: str
    allowed: frozenset[str] | None
    internal: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    limit: int = 10
    any_word: bool = False


@dataclass(frozen=True)
class Found:
    """Ids with their scores, best first. `count` stops at COUNT_LIMIT. `terms` are what a text is marked by."""

    hits: tuple[tuple[int, float], ...] = ()
    count: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    terms: frozenset[str] = frozenset()
