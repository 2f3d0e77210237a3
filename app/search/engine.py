"""The one interface of every search engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from flask import current_app

from app.search.document import Document, Found, Question


class IndexDamaged(Exception):
    """The index is missing, of an old schema or unreadable: rebuild it, and search the database until then."""


class Engine(Protocol):
    """Writers wait for each other; readers never wait."""

    def write(self, documents: Iterable[Document], gone: Iterable[int] = ()) -> None:
        """Put in or replace by id, forget what is gone; all is findable on return. Raises IndexDamaged."""

    def search(self, question: Question) -> Found:
        """What the asker may see, best first. Never fails on anything typed. Raises IndexDamaged."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make the index anew beside the old one, put it in its place, answer how many documents it holds."""

    def is_healthy(self) -> bool:
        """Is there an index of the present schema that can be read?"""


def engine() -> Engine:
    """The engine of the current application."""
    if "search" not in current_app.extensions:
        from app.search.whoosh_engine import WhooshEngine

        current_app.extensions["search"] = WhooshEngine(current_app.extensions["settings"].data / "index")
    found: Engine = current_app.extensions["search"]
    return found
