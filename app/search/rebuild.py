"""The index anew, beside the old one, while the old one goes on answering."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from app.extensions import db
from app.search.engine import engine
from app.search.index import anew


def rebuild(app: Flask, *, told: Callable[[int], None] = lambda _count: None) -> int:
    """Make the index anew. Answers how many documents it holds."""
    with app.app_context():
        count = anew(told=told)
        db.session.remove()
        return count


def mend(app: Flask) -> int:
    """Rebuild unless the index is whole by now: several who met the damage may have asked."""
    with app.app_context():
        if engine().is_healthy():
            return 0
    return rebuild(app)
