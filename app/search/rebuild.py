"""`run.py search --rebuild`: the index anew, beside the old one."""

from __future__ import annotations

import sys

from flask import Flask
from sqlalchemy import select

import config
from app.extensions import db
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.search.engine import engine
from app.search.index import CHUNK, documents, every_document


def rebuild(app: Flask) -> int:
    """Index every ticket; then once more those that changed meanwhile. Answers how many there are."""
    with app.app_context():
        begun = utc_now()
        count = engine().rebuild(every_document())
        changed = list(db.session.scalars(select(Ticket.id).where(Ticket.updated_at >= begun)))
        for start in range(0, len(changed), CHUNK):
            engine().write(documents(changed[start : start + CHUNK]))
        db.session.remove()
        return count


def main() -> int:
    from app import create_app

    count = rebuild(create_app(config.read()))
    print(f"{count} tickets are indexed.", file=sys.stderr)
    return 0
