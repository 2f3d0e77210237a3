"""What travels into and out of the search engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

COUNT_LIMIT = 10_000
TICKET, ENTRY = "ticket", "entry"
Values = str | tuple[str, ...]


class Key(NamedTuple):
    """A row that is found: `source` is TICKET or ENTRY."""

    source: str
    id: int


@dataclass(frozen=True)
class Document:
    """A ticket or an entry as it is found: what its readers read in `body`, notes in `internal`.

    An entry is found by its words in every language in which it is published. `kind` is `ticket` or the entry's type.
    `access` holds the terms that open it, `authors` the id of a ticket's requester, `dates` year and month in which it
    came or was published.
    """

    key: Key
    kind: str
    title: str
    body: str
    access: frozenset[str]
    internal: str = ""
    number: int | None = None
    status: str = ""
    languages: tuple[str, ...] = ()
    product_groups: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is sought and the reach of the one who asks.

    `allowed` None sees everything; otherwise a document must share one access term with it. `internal` also
    searches notes. `filters` maps `source` and the FACETS to the accepted value or values, `barred` to the others; what
    has a value of `preferred` comes a little earlier. `anything` needs no words. `any_word` also finds what has only
    some of the words, those with more of them first; `any_form` a phrase whose words stand in other forms. At `until`,
    as time.monotonic() tells it, the engine answers with what it has found. Not `faceted` there are no facets; not
    `counted` neither, and `count` may be that of the hits only: this is faster.
    """

    text: str
    allowed: frozenset[str] | None
    internal: bool = False
    filters: Mapping[str, Values] = field(default_factory=dict)
    preferred: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    limit: int = 10
    any_word: bool = False
    any_form: bool = False
    barred: Mapping[str, Values] = field(default_factory=dict)
    anything: bool = False
    until: float = math.inf
    counted: bool = True
    faceted: bool = True


@dataclass(frozen=True)
class Found:
    """Keys with their scores, best first. `terms` are what a text is marked by.

    `count` stops at one more than COUNT_LIMIT.

    `partial`: the time was over before everything was searched.
    """

    hits: tuple[tuple[Key, float], ...] = ()
    count: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    terms: frozenset[str] = frozenset()
    partial: bool = False


@dataclass(frozen=True)
class Progress:
    """How far the making of an index has come: documents that are safe in it, and the last of them by source and id."""

    begun: datetime
    count: int = 0
    reached: Key | None = None


Documents = Callable[[Key | None], Iterable[Document]]
"""Every document after that one, entries by id before tickets by id; from the first one for None."""
FACETS = ("kind", "status", "product_groups", "languages", "authors", "dates")


def several(values: Values) -> tuple[str, ...]:
    """The accepted values; none where nothing is asked for."""
    return (values,) if isinstance(values, str) and values else tuple(values)


def months(moment: datetime) -> tuple[str, str]:
    """The year and the month of a document's date."""
    return f"{moment:%Y}", f"{moment:%Y-%m}"
