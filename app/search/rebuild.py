"""The index anew, beside the old one, while the old one goes on answering."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.search.document import Document
from app.search.engine import engine
from app.search.index import CHUNK, documents, every_document

TOLD_EVERY = 10_000


def rebuild(app: Flask, *, told: Callable[[int], None] = lambda _count: None) -> int:
    """Index every ticket; then once more those that changed meanwhile. Answers how many there are."""
    with app.app_context():
        begun = utc_now()
        count = engine().rebuild(_counted(every_document(), told))
        changed = list(db.session.scalars(select(Ticket.id).where(Ticket.updated_at >= begun)))
        for start in range(0, len(changed), CHUNK):
            engine().write(documents(changed[start : start + CHUNK]))
        db.session.remove()
        return count


def mend(app: Flask) -> int:
    """Rebuild unless the index is whole by now: several who met the damage may have asked."""
    with app.app_context():
        if engine().is_healthy():
            return 0
    return rebuild(app)


def _counted(every: Iterable[Document], told: Callable[[int], None]) -> Iterator[Document]:
    for number, document in enumerate(every, start=1):
        yield document
        if number % TOLD_EVERY == 0:
            told(number)
