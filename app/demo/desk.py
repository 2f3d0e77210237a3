"""The demo desk: seeded once, into a database without accounts."""

from __future__ import annotations

import json
import os
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, select, update

import app.models.all  # noqa: F401  every mapped class, before Flask-AppBuilder's views ask for one
from app.demo.articles import write_articles
from app.demo.fields import publish_fields
from app.demo.people import Card, add_people
from app.demo.stories import tell_all
from app.events.record import Reaction
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account, Role
from app.models.event import OutboxItem
from app.models.level import ServiceLevel
from app.models.mailbox import Mailbox
from app.models.types import utc_now

FILE = "demo-accounts.json"


def seed(app: Flask) -> list[Card]:
    """Add people and tickets and write their passwords to BILETY_DATA; nothing when there is an account already."""
    with app.app_context(), transaction():
        if db.session.scalar(select(Account.id).limit(1)) is not None:
            return []
        cards = add_people()
        # No mail server stands before a demo desk: a consultant's answer by letter is known by its mark.
        db.session.execute(update(Mailbox).values(trusts_marks=True))
        db.session.add(ServiceLevel(name="Standard", first_minutes=240, next_minutes=480, solution_minutes=2400))
        db.session.add(ServiceLevel(name="Urgent", priority="urgent", first_minutes=60, solution_minutes=480))
        publish_fields()
        tell_all(app.extensions["files"], utc_now())
        editors = select(Account).where(Account.roles.any(Role.kind == "editor")).order_by(Account.id).limit(1)
        write_articles(db.session.scalars(editors).one())
        # Old news: nobody shall get a letter about it. The database was empty, so every row is the seed's.
        db.session.flush()
        db.session.execute(delete(OutboxItem).where(OutboxItem.reaction != Reaction.INDEX))
        write_cards(app.extensions["settings"].data / FILE, cards)
        return cards


def write_cards(path: Path, cards: list[Card]) -> None:
    """Keep the passwords where only their owner reads them. A file of an earlier desk is replaced."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(cards, file, indent=1, ensure_ascii=False)
        file.write("\n")
