"""The one interface of every search engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from flask import Flask, current_app

from app.search.document import Document, Documents, Found, Key, Progress, Question
from config import Settings

FAILED = "failed_searches"  # counted under this name


class IndexDamaged(Exception):
    """The index is missing, of an old schema or unreadable: rebuild it, and search the database until then."""


class SearchFailed(Exception):
    """The index could not answer, and nothing tells that it is damaged: search the database, and say so in the log."""


class SearchEngine(Protocol):
    """Writers wait for each other; readers never wait."""

    def write(self, documents: Iterable[Document], gone: Iterable[Key] = ()) -> None:
        """Put in or replace by key, forget what is gone; all is findable on return. Raises IndexDamaged."""

    def search(self, question: Question) -> Found:
        """What the asker may see, best first. Never fails on anything typed. Raises IndexDamaged, SearchFailed."""

    def with_any(self, terms: frozenset[str], question: Question, limit: int) -> tuple[Key, ...]:
        """Some documents within the asker's reach that hold any of these terms, of which `word*` stands for all that
        begin so. Raises as search does."""

    def rebuild(self, documents: Documents) -> Progress:
        """Make the index anew beside the old one and put it in its place; goes on where a killed one stopped."""

    def tidy(self) -> None:
        """What keeps searches fast and takes long. Writers and readers go on meanwhile."""

    def unfinished(self) -> Progress | None:
        """How far the new index has come while it is being made."""

    def is_healthy(self) -> bool:
        """Is there an index of the present schema that can be read?"""

    def reopen(self) -> None:
        """Know nothing of the index any more, as a process that starts."""


Net = Callable[[Question], Question]
_nets: list[Net] = []


def hang(net: Net) -> None:
    """From here on every question of a search passes this net first."""
    _nets.append(net)


def held(question: Question) -> Question:
    """The question with no wider reach than the nets leave it."""
    for net in _nets:
        question = net(question)
    return question


def engine() -> SearchEngine:
    """The engine of the current application."""
    return engine_of(current_app)


def engine_of(app: Flask) -> SearchEngine:
    """Whoosh in BILETY_DATA, or PostgreSQL where the database is one: a Whoosh index belongs to one host."""
    if "search" not in app.extensions:
        app.extensions["search"] = _made(app.extensions["settings"])
    found: SearchEngine = app.extensions["search"]
    return found


def _made(settings: Settings) -> SearchEngine:
    """Only the engine in use is imported: web processes stay small."""
    if settings.database_url.startswith("postgresql"):
        from app.search.postgresql.engine import PostgresqlEngine

        return PostgresqlEngine()
    from app.search.whoosh.engine import WhooshEngine

    return WhooshEngine(settings.data / "index")
