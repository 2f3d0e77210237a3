"""Administrators hear once that a mailbox is silent for too long, and once that it is heard of again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from app.events.transaction import transaction
from app.extensions import db
from app.mail import silent
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.types import utc_now
from tests.mail.desk import letters, told
from tests.mail.letters import sent, text_of, work

ADMINISTRATOR = "adam@pomoc.example"


@pytest.fixture(autouse=True)
def _desk(context: None, make_account: Callable[..., int]) -> None:
    make_account(ADMINISTRATOR, role="administrator", name="Adam Kos")
    make_account("jan@pomoc.example", role="consultant")
    with transaction():
        db.session.execute(update(Mailbox).values(quiet_minutes=None))
        db.session.execute(update(Mailbox).where(Mailbox.id == 1).values(quiet_minutes=30))


def comes(at: datetime) -> None:
    row = {"transport": "smtp", "recipient": "x", "sha256": "0" * 64, "size": 1, "mailbox_id": 1, "arrived_at": at}
    with transaction():
        db.session.execute(insert(JournalEntry), [{**row, "outcome": "not_sure"}])


def look(at: datetime) -> int:
    with transaction():
        return silent.tell(at)


def test_once_a_silence_and_once_when_it_ends(app: Flask, outgoing: Path) -> None:
    start = utc_now()
    comes(start)
    at = [start + timedelta(minutes=minutes) for minutes in (29, 31, 32, 90)]
    assert [look(each) for each in at] == [0, 1, 0, 0]
    comes(start + timedelta(minutes=91))
    assert [look(start + timedelta(minutes=minutes)) for minutes in (92, 93, 130)] == [1, 0, 1]
    assert told() == [
        (ADMINISTRATOR, "mailbox_silent"), (ADMINISTRATOR, "mailbox_heard"), (ADMINISTRATOR, "mailbox_silent"),
    ]  # fmt: skip
    work(app)
    name = db.session.scalars(select(Mailbox.name).where(Mailbox.id == 1)).one()
    first, second, _third = sent(outgoing)
    assert (first["Subject"], second["Subject"]) == (f"Skrzynka {name} milczy", f"Skrzynka {name} znów działa")
    assert first["Auto-Submitted"] == "auto-generated"
    assert "/desk/balance/" in text_of(first)


def test_a_mailbox_of_which_nothing_was_ever_heard_is_silent_too(app: Flask, outgoing: Path) -> None:
    assert [look(utc_now()), look(utc_now())] == [1, 0]
    work(app)
    assert "nic nie nadeszło. To dłużej" in " ".join(text_of(sent(outgoing)[0]).split())


def test_without_a_setting_nobody_hears_anything() -> None:
    look(utc_now())
    with transaction():
        db.session.execute(update(Mailbox).values(quiet_minutes=None))
    assert look(utc_now()) == 0
    assert [row.template for row in letters()] == ["mailbox_silent"]
    assert db.session.scalars(select(Mailbox.silence_told_at).where(Mailbox.id == 1)).one() is None
