"""The letters about accounts, and the links that they hold."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.account import Account
from app.models.event import Letter
from tests.mail.letters import sent, text_of, work


def letters_of(app: Flask) -> list[tuple[str, str]]:
    """(address, template) of every letter so far, after the workers did what was owed."""
    work(app)
    with app.app_context():
        rows = db.session.execute(select(Account.email, Letter.template).join(Letter.account).order_by(Letter.id))
        return [(row[0], row[1]) for row in rows]


def link_to(app: Flask, email: str, beginning: str = "/confirm/") -> str:
    """The path behind the button of the newest letter to that address."""
    return links_to(app, email, beginning)[-1]


def links_to(app: Flask, email: str, beginning: str = "/confirm/") -> list[str]:
    """The same of every letter to that address, in the order of the letters."""
    work(app)
    words = [word for letter in sent(app.extensions["settings"].outgoing, email) for word in text_of(letter).split()]
    paths = [urlsplit(word).path for word in words if word.startswith("http://localhost:8000")]
    return [path for path in paths if path.startswith(beginning)]
